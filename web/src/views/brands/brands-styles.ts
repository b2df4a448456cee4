import { css } from 'lit'

export const brandsStyles = css`
  :host {
    max-width: 1240px;
  }
  .title > span {
    color: var(--soft);
  }
  .title input {
    max-width: 260px;
    margin-left: auto;
  }
  .columns {
    display: grid;
    grid-template-columns: 340px minmax(0, 1fr);
    gap: 16px;
    align-items: start;
  }
  nav {
    overflow: hidden;
  }
  ul {
    max-height: calc(100vh - 150px);
    margin: 0;
    padding: 0;
    list-style: none;
    overflow-y: auto;
  }
  li + li {
    border-top: 1px solid var(--line);
  }
  li a {
    display: grid;
    grid-template-columns: 56px minmax(0, 1fr) auto;
    gap: 0 12px;
    align-items: center;
    padding: 8px 14px 8px 9px;
    color: inherit;
    text-decoration: none;
    outline-offset: -3px;
  }
  li a:hover,
  li a[aria-current='true'] {
    background: var(--raised);
  }
  li a[aria-current='true'] {
    box-shadow: inset 3px 0 var(--accent);
  }
  li a > i,
  li a > img {
    grid-row: 1 / 3;
    width: 56px;
    height: 42px;
    padding: 5px;
    object-fit: contain;
    border-radius: 7px;
    background: #b9bfc8;
  }
  li a > i {
    display: grid;
    place-items: center;
    color: #22272f;
    font-style: normal;
    font-weight: 650;
  }
  li a > .chip {
    grid-row: 1 / 3;
    grid-column: 3;
  }
  li a > b,
  li a > small {
    grid-column: 2;
  }
  li b {
    font-weight: 600;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  li small {
    color: var(--faint);
    font-size: 12.5px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .empty {
    margin: 0;
    padding: 16px;
    color: var(--soft);
  }
  .about {
    padding: 18px 20px;
    color: var(--soft);
  }
  .about h2 {
    margin: 0 0 8px;
    color: var(--ink);
    font-size: 15px;
  }
  .about p {
    margin: 0 0 8px;
    max-width: 62ch;
  }
  .said {
    margin-bottom: 14px;
  }
  .back {
    display: none;
  }
  @media (max-width: 800px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
    .columns.opened nav {
      display: none;
    }
    .opened .back {
      display: inline-flex;
      margin-bottom: 12px;
    }
    ul {
      max-height: none;
    }
    .title input {
      order: 1;
      max-width: none;
      margin: 0;
    }
    .add {
      margin-left: auto;
    }
  }
`
