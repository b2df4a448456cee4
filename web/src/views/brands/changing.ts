/** `changing`: something is about to be changed over the API; `changed`: it was. ma-change-status tells what becomes of it. */
export function announceChange(from: EventTarget, what: 'changing' | 'changed'): void {
  from.dispatchEvent(new CustomEvent(what, { bubbles: true, composed: true }))
}
