import { css } from 'lit'

const pill = css`
  display: inline-flex;
  align-items: center;
  gap: 6px;
  height: 28px;
  padding: 0 12px;
  border: 1px solid var(--line);
  border-radius: 99px;
  background: none;
  font-size: 0.7812rem;
  color: var(--soft);
  cursor: pointer;
  user-select: none;
`

export const filterStyles = css`
  [role='group'] {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
  }
  button,
  summary {
    ${pill}
  }
  button:hover,
  summary:hover {
    border-color: var(--faint);
  }
  button::before {
    content: '';
    width: 7px;
    height: 7px;
    border: 1.5px solid currentColor;
    border-radius: 50%;
  }
  button[aria-pressed='true'] {
    color: var(--ink);
    background: var(--raised);
  }
  button[aria-pressed='true']::before {
    background: var(--accent);
    border-color: var(--accent);
  }
  button[aria-pressed='false'] {
    text-decoration: line-through;
  }
  .all {
    border-color: transparent;
    color: var(--accent);
  }
  .all::before {
    display: none;
  }
  details {
    position: relative;
  }
  summary {
    list-style: none;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  summary::after {
    content: '';
    width: 6px;
    height: 6px;
    margin: -3px 0 0 2px;
    border: solid currentColor;
    border-width: 0 1.5px 1.5px 0;
    rotate: 45deg;
  }
  details[open] summary {
    color: var(--ink);
    background: var(--raised);
  }
  summary em {
    font-style: normal;
    color: var(--warn);
  }
  ul,
  p {
    position: absolute;
    top: 34px;
    right: 0;
    z-index: 5;
    width: min(320px, calc(100vw - 24px));
    max-height: min(420px, 60vh);
    margin: 0;
    padding: 6px;
    overflow-y: auto;
    list-style: none;
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: 10px;
    box-shadow: 0 12px 40px rgb(0 0 0 / 0.32);
  }
  p {
    padding: 14px 16px;
    color: var(--soft);
  }
  li label {
    display: grid;
    grid-template-columns: auto auto minmax(0, 1fr) auto;
    align-items: center;
    gap: 9px;
    padding: 5px 8px;
    border-radius: 7px;
    cursor: pointer;
  }
  li label:hover {
    background: var(--raised);
  }
  li i {
    width: 9px;
    height: 9px;
    border-radius: 3px;
    background: var(--k);
  }
  b {
    font-weight: 500;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  small {
    color: var(--faint);
    font-size: 0.75rem;
  }
  .least {
    ${pill}
    padding-right: 10px;
    cursor: default;
  }
  .least span {
    min-width: 44px;
  }
  input {
    accent-color: var(--accent);
    margin: 0;
  }
  .least input {
    width: 84px;
    height: 16px;
  }
  @media (max-width: 960px) {
    :host {
      position: relative;
    }
    details {
      position: static;
    }
    ul,
    p {
      top: 100%;
      right: auto;
      left: 0;
      margin-top: 6px;
    }
  }
`
