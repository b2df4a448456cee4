import { css } from 'lit'

/** Styles of every component. Colours and sizes are custom properties of the document (page.css). */
export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host {
    display: block;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  a {
    color: var(--accent);
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  button {
    font: inherit;
    color: inherit;
    cursor: pointer;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  /* Windows' contrast themes take backgrounds and shadows away: what is on keeps a colour of the theme. */
  @media (forced-colors: active) {
    [aria-pressed='true'],
    [aria-selected='true'],
    [aria-current='page'] {
      color: HighlightText;
      background: Highlight;
      border-color: Highlight;
      forced-color-adjust: none;
    }
    .meter {
      border: 1px solid CanvasText;
    }
    /* Dots, and the bars of meters. */
    i:empty {
      background: CanvasText !important;
      forced-color-adjust: none;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`

/** A view that fills the page, with its title in a line; how wide it gets at most is its own. */
export const view = css`
  :host {
    margin: 0 auto;
    padding: 16px 20px 32px;
  }
  .title {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 14px;
    margin: 2px 0 14px;
  }
  h1 {
    margin: 0;
    font-size: 1.3125rem;
    letter-spacing: -0.02em;
    overflow-wrap: anywhere;
  }
  @media (max-width: 560px) {
    :host {
      padding: 12px 12px 24px;
    }
  }
`

/** A panel with a small heading. */
export const panel = css`
  :host {
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    overflow: hidden;
  }
  h2 {
    display: flex;
    justify-content: space-between;
    align-items: baseline;
    gap: 12px;
    margin: 0;
    padding: 12px 16px 10px;
    font-size: 0.8125rem;
    font-weight: 600;
    letter-spacing: -0.005em;
  }
  h2 span {
    color: var(--faint);
    font-weight: 400;
    font-size: 0.75rem;
  }
  .empty {
    margin: 0;
    padding: 4px 16px 16px;
    color: var(--soft);
  }
`

/** --k: the colour of a label, from its --hue. */
export const labelColor = css`
  .label {
    --k: oklch(var(--label-l) var(--label-c) var(--hue));
  }
`
