import { css } from 'lit'

export const wallStyles = css`
  ma-wall-bar {
    flex: 1;
  }
  ul {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, clamp(250px, 19vw, 460px)), 1fr));
    gap: 16px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: grid;
    min-width: 0;
  }
  .none {
    display: grid;
    justify-items: center;
    gap: 14px;
    padding: 64px 20px;
    color: var(--soft);
  }
  .none p,
  .more {
    margin: 0;
  }
  .more {
    padding-top: 16px;
    color: var(--soft);
  }
  @media (max-width: 560px) {
    ma-wall-bar {
      order: 1;
      flex-basis: 100%;
    }
    .title > .button {
      margin-left: auto;
    }
    ul {
      gap: 10px;
    }
  }
  /* A wall display is read from across the room. */
  @media (min-width: 2400px) {
    ul {
      gap: 22px;
      font-size: 19px;
    }
  }
`
