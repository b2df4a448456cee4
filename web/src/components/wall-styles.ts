import { css } from 'lit'

export const wallStyles = css`
  section {
    padding: 16px 20px 32px;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 10px 18px;
    margin: 2px 0 16px;
  }
  h1 {
    margin: 0;
    font-size: 21px;
    letter-spacing: -0.02em;
  }
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
    section {
      padding: 12px 12px 24px;
    }
    .bar {
      gap: 10px;
    }
    ma-wall-bar {
      order: 1;
      flex-basis: 100%;
    }
    .bar > .button {
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
