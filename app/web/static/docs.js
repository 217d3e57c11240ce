// The documentation: fetches the description, with the key where one is needed, and gives it to Swagger UI.

/** The item of session storage that holds the key. The board uses the same one. It is deleted with the tab. */
const SLOT = "shift-fanout-key";

const parts = Object.fromEntries([...document.querySelectorAll("[id]")].map((element) => [element.id, element]));

function say(text) {
  parts.message.textContent = text;
}

/** Fetch the description with this key (null: without one) and show it, or ask for the key. */
async function load(key) {
  let response;
  try {
    response = await fetch("openapi.json", { headers: key ? { authorization: `Bearer ${key}` } : {} });
  } catch {
    // A header that cannot be sent fails the same way as a connection.
    ask("The service could not be reached. Try again in a moment, and check the key.");
    return;
  }
  if (response.status === 401) {
    ask(key ? "The service does not accept this key." : "");
    return;
  }
  if (!response.ok) {
    say(`The service answered ${response.status}. Try again in a moment.`);
    return;
  }
  if (key) sessionStorage.setItem(SLOT, key);
  parts["key-form"].hidden = true;
  say("");
  show(await response.json(), key);
}

function ask(why) {
  sessionStorage.removeItem(SLOT);
  say(why);
  parts["key-form"].hidden = false;
  parts.key.value = "";
  parts.key.focus();
}

function show(description, key) {
  if (!window.SwaggerUIBundle) {
    parts["without-ui"].hidden = false;
    // A link sends no key, so it leads to what has been fetched.
    const file = new Blob([JSON.stringify(description, null, 2)], { type: "application/json" });
    if (key) parts.description.href = URL.createObjectURL(file);
    return;
  }
  const ui = window.SwaggerUIBundle({
    spec: description,
    domNode: parts["swagger-ui"],
    deepLinking: true,
    // By default Swagger UI shows a badge from a host of its own.
    validatorUrl: null,
    onComplete: () => key && ui.preauthorizeApiKey("key", key),
  });
}

parts["key-form"].addEventListener("submit", (event) => {
  event.preventDefault();
  load(parts.key.value.trim());
});
load(sessionStorage.getItem(SLOT));
