# The commands of a contributor. `just` alone lists them. Each can also be typed by hand; only uv has to be installed.

default:
    @just --list

# Start the service with the sample data.
serve:
    uv run uvicorn app.api:create_app --factory --reload

# Watch made-up shifts being filled, sixty times as fast as real time.
demo *arguments:
    uv run shift-fanout demo {{arguments}}

# Run every check of the gate: lint, types, import contracts, and all tests, also those of processes and browsers.
check: lint types imports
    HYPOTHESIS_PROFILE=gate uv run pytest
    HYPOTHESIS_PROFILE=gate uv run pytest -m "database or process or browser"

# Run the fast tests, or the tests that the arguments select.
test *arguments:
    uv run pytest {{arguments}}

# Check Ruff's rules and the format.
lint:
    uv run ruff check
    uv run ruff format --check

# Check the types.
types:
    uv run mypy

# Check which modules may import which.
imports:
    uv run lint-imports

# Correct what Ruff can correct by itself, and format.
format:
    uv run ruff check --fix
    uv run ruff format

# Try to break the claim of one winner; docs/one-winner.md explains it. `just prove --help` lists the parts.
prove *arguments:
    uv run python -m prove {{arguments}}

# Run the benchmarks; `just bench --help` explains them.
bench *arguments:
    uv run python -m bench {{arguments}}

# Take the picture docs/board.png again.
screenshot:
    uv run python -m tools.screenshot

# Run the Hypothesis tests with many more examples than the gate.
search:
    HYPOTHESIS_PROFILE=long uv run pytest tests/property tests/stores/test_agreement.py

# Pin the newest versions of all dependencies in pyproject.toml.
pin:
    uv run --no-sync python tools/pin.py
