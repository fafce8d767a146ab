// What the steps ask of the page. Evaluated anew for each question, so nothing is left behind on it.
const nodes = (selector) => {
  if (!selector.startsWith("xpath:")) {
    return [...document.querySelectorAll(selector.replace(/^css:/, ""))];
  }
  const type = XPathResult.ORDERED_NODE_SNAPSHOT_TYPE;
  const found = document.evaluate(selector.slice("xpath:".length), document, null, type, null);
  return Array.from({ length: found.snapshotLength }, (_, i) => found.snapshotItem(i));
};
const element = (node) => {
  if (node.nodeType === Node.ELEMENT_NODE) return node;
  return node.ownerElement ?? node.parentElement;
};
const shows = (node) => {
  const own = element(node);
  if (!own?.isConnected || getComputedStyle(own).visibility !== "visible") return false;
  return [...own.getClientRects()].some((box) => box.width > 0 && box.height > 0);
};
const first = (selector) => {
  const node = nodes(selector).find(shows);
  const found = node && element(node);
  found?.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  return found;
};

const look = (selector) => {
  const found = nodes(selector);
  return { attached: found.length > 0, visible: found.some(shows) };
};

// The middle of an element, and whether something else lies over it.
const point = (selector) => {
  const target = first(selector);
  if (!target) return { ...look(selector) };
  const box = [...target.getClientRects()].find((box) => box.width > 0 && box.height > 0);
  const x = box.left + box.width / 2;
  const y = box.top + box.height / 2;
  let hit = document.elementFromPoint(x, y);
  while (hit?.shadowRoot?.elementFromPoint(x, y) && hit !== target) {
    const inner = hit.shadowRoot.elementFromPoint(x, y);
    if (inner === hit) break;
    hit = inner;
  }
  const labelled = hit?.closest?.("label")?.control === target;
  const covered = !hit || !(target.contains(hit) || hit.contains(target) || labelled);
  return { ready: true, x, y, covered };
};

const press = (selector) => {
  first(selector)?.click();
  return { ready: true };
};

const set = (field, value) => {
  const prototype = Object.getPrototypeOf(field);
  Object.getOwnPropertyDescriptor(prototype, "value").set.call(field, value);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
};
const PICKED = ["color", "date", "datetime-local", "month", "range", "time", "week"];
const PRESSED = ["button", "checkbox", "file", "hidden", "image", "radio", "reset", "submit"];

// Focuses a field and empties it; fields with a picker get their value here.
const focusEmpty = (selector, text) => {
  const field = first(selector);
  if (!field) return { ...look(selector) };
  if (field.disabled || field.readOnly) return { fault: "can't be typed into, it is locked" };
  field.focus();
  if (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) {
    if (PRESSED.includes(field.type)) return { fault: "is not a field for text" };
    if (PICKED.includes(field.type)) {
      set(field, text);
      return { ready: true, typed: true };
    }
    field.select();
    if (field.value) document.execCommand("delete");
    if (field.value) set(field, "");
    return { ready: true, typed: false };
  }
  if (!field.isContentEditable) return { fault: "is not a field for text" };
  getSelection().selectAllChildren(field);
  document.execCommand("delete");
  return { ready: true, typed: false };
};

// By value, else by what a person reads.
const choose = (selector, value) => {
  const list = nodes(selector).map(element).find((found) => found instanceof HTMLSelectElement);
  if (!list) return { ...look(selector) };
  const options = [...list.options];
  const option =
    options.find((option) => option.value === value) ??
    options.find((option) => option.label.trim() === value.trim());
  if (!option) return { attached: true, visible: true, options: options.map((option) => option.value) };
  if (list.disabled || option.disabled) return { fault: "can't be chosen from, it is locked" };
  list.focus();
  if (list.multiple) option.selected = true;
  else list.selectedIndex = option.index;
  list.dispatchEvent(new Event("input", { bubbles: true }));
  list.dispatchEvent(new Event("change", { bubbles: true }));
  return { ready: true };
};
