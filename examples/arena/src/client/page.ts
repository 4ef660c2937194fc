// The page's own elements, found once and with their types. A missing one is a mistake in index.html and fails at once.

export function element<Type extends Element = HTMLElement>(id: string): Type {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no element with the id '${id}'`);
  return found as unknown as Type;
}

/** Makes an element with a class and text; text never becomes markup. */
export function make<Name extends keyof HTMLElementTagNameMap>(name: Name, className = '', text = ''): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** Sets the text of an element. What is there already is not written again: every write costs the browser a layout. */
export function setText(of: Element, text: string): void {
  if (of.textContent !== text) of.textContent = text;
}
