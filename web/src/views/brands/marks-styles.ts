import { css } from 'lit'

/** Tiles of marks. A mark may be black or white on nothing: the ground is grey enough for both. */
export const marksStyles = css`
  :host {
    display: grid;
    gap: 10px;
  }
  h3 {
    margin: 0;
    font-size: 0.8125rem;
    font-weight: 600;
  }
  h3 span {
    margin-left: 6px;
    color: var(--faint);
    font-weight: 400;
  }
  ul {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(112px, 1fr));
    gap: 10px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: grid;
    gap: 6px;
    align-content: start;
    min-width: 0;
  }
  li .row {
    gap: 6px;
  }
  img,
  .none {
    display: grid;
    place-items: center;
    width: 100%;
    aspect-ratio: 4 / 3;
    padding: 10px;
    object-fit: contain;
    border-radius: 9px;
    color: #22272f;
    background: #b9bfc8;
    font-size: 0.75rem;
  }
  li.chosen img {
    outline: 2px dashed var(--accent);
    outline-offset: -2px;
  }
  li.refused img,
  li.refused .none {
    outline: 2px solid var(--live);
    outline-offset: -2px;
  }
  li small {
    color: var(--soft);
    font-size: 0.75rem;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .drop {
    display: grid;
    justify-items: center;
    gap: 3px;
    padding: 18px 16px;
    text-align: center;
    cursor: pointer;
    border: 2px dashed var(--line);
    border-radius: var(--radius);
  }
  .drop.over,
  .drop:hover,
  .drop:focus-within {
    border-color: var(--accent);
  }
  .drop.over {
    background: color-mix(in srgb, var(--accent) 9%, transparent);
  }
  .drop b {
    color: var(--ink);
    font-weight: 600;
  }
  .drop span {
    color: var(--faint);
    font-size: 0.7812rem;
  }
  .drop input {
    position: absolute;
    opacity: 0;
    pointer-events: none;
  }
`
