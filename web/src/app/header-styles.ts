import { css } from 'lit'

export const headerStyles = css`
  :host {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 18px;
    padding: 0 20px;
    border-bottom: 1px solid var(--line);
    background: var(--panel);
  }
  a {
    display: inline-flex;
    align-items: center;
    color: var(--soft);
    text-decoration: none;
    white-space: nowrap;
    border-radius: 8px;
  }
  .brand {
    gap: 9px;
    height: 52px;
    color: var(--ink);
    font-size: 15px;
    font-weight: 650;
    letter-spacing: -0.01em;
  }
  .brand svg {
    color: var(--accent);
  }
  nav {
    display: flex;
    flex: 1;
    gap: 2px;
    min-width: 0;
    overflow-x: auto;
    scrollbar-width: none;
  }
  nav a {
    height: 32px;
    padding: 0 11px;
    font-size: 13.5px;
    font-weight: 500;
    outline-offset: -2px;
  }
  nav a:hover {
    color: var(--ink);
  }
  nav a[aria-current='page'] {
    color: var(--ink);
    background: var(--raised);
  }
  ma-lock-button {
    margin-left: auto;
  }
  .tabs {
    order: 2;
    flex: 0 0 100%;
    gap: 4px;
    height: 40px;
    align-items: stretch;
    margin: 0 -9px;
  }
  .tabs a {
    position: relative;
    height: auto;
    padding: 0 9px;
    font-size: 13px;
    border-radius: 0;
  }
  .tabs a[aria-current='page'] {
    background: none;
    box-shadow: inset 0 -2px var(--accent);
  }
  .tabs .up {
    margin-right: 6px;
    padding-right: 14px;
    border-right: 1px solid var(--line);
    align-self: center;
    height: 20px;
  }
  /* On a phone the views get a row of their own, so that every one is in sight; those of a stream take their place. */
  @media (max-width: 700px) {
    :host {
      padding: 0 14px;
    }
    .brand {
      height: 48px;
    }
    nav {
      order: 1;
      flex: 0 0 100%;
      height: 40px;
      margin: 0 -9px;
      align-items: stretch;
    }
    nav a {
      height: auto;
      padding: 0 9px;
      border-radius: 0;
    }
    nav a[aria-current='page'] {
      background: none;
      box-shadow: inset 0 -2px var(--accent);
    }
    .views.within {
      display: none;
    }
  }
  @media print {
    :host {
      display: none;
    }
  }
`
