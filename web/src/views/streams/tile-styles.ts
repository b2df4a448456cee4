import { css } from 'lit'

export const tileStyles = css`
  :host {
    /* Hundreds of tiles cost nothing while they are out of sight. */
    content-visibility: auto;
    contain-intrinsic-size: auto 290px;
  }
  article {
    position: relative;
    display: grid;
    grid-template-rows: auto 1fr;
    height: 100%;
    overflow: hidden;
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    transition: border-color 120ms;
  }
  article:hover {
    border-color: var(--faint);
  }
  /* The link is the name; the whole tile is where it is clicked. */
  a {
    color: inherit;
    text-decoration: none;
    outline: none;
  }
  a::after {
    content: '';
    position: absolute;
    inset: 0;
    border-radius: var(--radius);
  }
  a:focus-visible::after {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
  }
  .picture {
    position: relative;
    aspect-ratio: 16 / 9;
    overflow: hidden;
    background: var(--raised);
  }
  .picture > * {
    position: absolute;
  }
  img,
  ma-tile-player {
    inset: 0;
    width: 100%;
    height: 100%;
    object-fit: cover;
  }
  img.past {
    filter: saturate(0.55) brightness(0.86);
  }
  .none {
    inset: 0;
    display: grid;
    place-content: center;
    padding: 16px;
    color: var(--soft);
    font-size: 0.93em;
    text-align: center;
  }
  .chip {
    top: 9px;
    left: 9px;
    display: block;
    line-height: 0;
    border-radius: 99px;
    background: var(--panel);
  }
  ma-state-chip {
    line-height: 1.45;
  }
  .caption {
    display: grid;
    align-content: start;
    gap: 2px;
    min-width: 0;
    padding: 10px 14px 12px;
  }
  b,
  small {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  b {
    font-weight: 600;
  }
  article:hover a {
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  small {
    color: var(--soft);
    font-size: 0.9em;
  }
  ul {
    display: flex;
    gap: 5px;
    height: 22px;
    margin: 6px 0 0;
    padding: 0;
    overflow: hidden;
    list-style: none;
    flex-wrap: wrap;
  }
  li {
    display: flex;
    align-items: center;
    gap: 6px;
    max-width: 100%;
    height: 22px;
    padding: 0 8px;
    font-size: 0.75rem;
    border-radius: 6px;
    background: var(--raised);
  }
  li i {
    flex: none;
    width: 7px;
    height: 7px;
    border-radius: 2px;
    background: var(--k);
  }
  li span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  /* On a phone what is not on the air takes a line, not a screen. */
  @media (max-width: 560px) {
    :host(:not([onair])) article {
      grid-template: auto / 136px minmax(0, 1fr);
    }
    :host(:not([onair])) .picture {
      aspect-ratio: auto;
      min-height: 77px;
    }
    :host(:not([onair])) .chip {
      display: none;
    }
    :host(:not([onair])) .none {
      font-size: 0.75rem;
    }
  }
  @media (min-width: 561px) {
    :host(:not([onair])) .inline {
      display: none;
    }
  }
`
