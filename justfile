# The commands of a contributor. `just` alone lists them; each also works typed out, with nothing but uv installed.

default:
    @just --list

# Start the service with the sample data.
serve:
    uv run uvicorn app.api:create_app --factory --reload

# See shifts fill in a made-up town, in fast motion.
demo *arguments:
    uv run shift-fanout demo {{arguments}}

# What the gate runs.
check: lint types walls test

test *arguments:
    uv run pytest {{arguments}}

# Ruff's rules and format.
lint:
    uv run ruff check
    uv run ruff format --check

types:
    uv run mypy

# The import contracts between the modules.
walls:
    uv run lint-imports

format:
    uv run ruff check --fix
    uv run ruff format

bench *arguments:
    uv run python -m bench {{arguments}}

# Draw docs/board.png anew.
screenshot:
    uv run python -m tools.screenshot

# Search for counterexamples much longer than the gate does.
search:
    HYPOTHESIS_PROFILE=long uv run pytest tests/property tests/stores/test_agreement.py

# Take the newest versions of all dependencies and pin them in pyproject.toml.
pin:
    uv run --no-sync python tools/pin.py
