// Makes elements of the panel in one expression: a tag, what it has, what is in it.
//
// Invariant: no text is ever read as markup. Units: none.

type Attributes = { readonly [name: string]: string | number | boolean | undefined };

/** An element with these attributes and children; a text is a child. False and undefined leave an attribute out. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  element.append(...children);
  return element;
}

/** Changes a text only where it is another: what is the same is not drawn again. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
