import { css } from 'lit'

export const watchStyles = css`
  :host {
    max-width: 1680px;
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
    font-size: 21px;
    letter-spacing: -0.02em;
    overflow-wrap: anywhere;
  }
  .title span {
    color: var(--soft);
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 348px;
    gap: 16px;
    align-items: start;
  }
  .main,
  aside {
    display: grid;
    gap: 14px;
    min-width: 0;
  }
  .banner {
    margin: 0 0 14px;
    padding: 10px 16px;
    border-radius: 10px;
    color: var(--ink);
    background: color-mix(in srgb, var(--warn) 18%, var(--panel));
    border: 1px solid color-mix(in srgb, var(--warn) 45%, transparent);
  }
  .banner.bad {
    background: color-mix(in srgb, var(--live) 14%, var(--panel));
    border-color: color-mix(in srgb, var(--live) 45%, transparent);
  }
  @media (max-width: 960px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @media (max-width: 560px) {
    :host {
      padding: 12px 12px 24px;
    }
    .main,
    aside {
      gap: 12px;
    }
    ma-player {
      margin: 0 -12px;
      border-radius: 0;
    }
  }
`
