// Creates and updates elements. Data becomes text nodes only; nothing here parses markup.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  open: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z",
  text: "M4 5h16v11H9l-5 4z",
  call: "M6 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L16 13l5 2v4a2 2 0 0 1-2 2A17 17 0 0 1 4 6a2 2 0 0 1 2-2z",
  check: "M5 12.5l5 5L20 7",
  alert: "M12 4l9.5 16h-19zM12 10v4.5M12 17.4v.1",
  cross: "M6 6l12 12M18 6L6 18",
  back: "M10 6l-6 6 6 6M4 12h10a6 6 0 0 1 6 6",
  next: "M9 5l7 7-7 7",
  person: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4.5 20a7.5 7.5 0 0 1 15 0",
};

/**
 * Creates an element; `h` is the usual name for this (hyperscript, Vue, Preact). Attributes whose names start with
 * "on" become event listeners. Attributes and children that are null, undefined or false are left out, and nested
 * arrays of children are flattened.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Creates an icon. It is hidden from screen readers, so a text must stand beside it. */
export function icon(name) {
  return svg("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));
}

/** Creates an element of a drawing, with its attributes and children. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.flat());
  return element;
}

/** Sets the element's text. An unchanged text is left alone, so that a screen reader does not read it again. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Like `setText`, for children as `h` takes them. */
export function setContent(element, ...children) {
  const content = h("div", {}, ...children);
  if (element.textContent !== content.textContent) element.replaceChildren(...content.childNodes);
}

/** Makes `nodes` the children of the parent. Moves as few as possible, because a node that is moved loses the focus. */
export function setChildren(parent, nodes) {
  let current = parent.firstChild;
  for (const node of nodes) {
    if (node === current) current = current.nextSibling;
    else parent.insertBefore(node, current);
  }
  while (current) {
    const next = current.nextSibling;
    current.remove();
    current = next;
  }
}
