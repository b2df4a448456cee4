/** For an <img>'s `error` and `load`: a snapshot that is no longer kept is not shown as a torn picture. */

export const hide = ({ target }: Event): void => {
  if (target instanceof HTMLElement) target.hidden = true
}

export const show = ({ target }: Event): void => {
  if (target instanceof HTMLElement) target.hidden = false
}
