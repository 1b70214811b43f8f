export interface Started {
  readonly url: string;
  /** Folders, as a person at the clone writes them. */
  readonly data: string;
  readonly plant: string;
  readonly site: boolean;
}

/** What `npm start` prints below the address: what is simulated, where it can be opened, where its files are, how it is stopped, what comes next. */
export function startText({ url, data, plant, site }: Started): string {
  const isLocal = ["127.0.0.1", "[::1]", "localhost"].includes(new URL(url).hostname);
  const simulated = site ? "two assembly lines, utilities and a warehouse" : "one assembly line";
  return `
  Plant    A demonstration plant: ${simulated}.
           All its values are simulated. Its history appears on the Rail within a minute.
  Phone    ${
    isLocal
      ? "This address works on this machine only: without accounts the server accepts no\n           other device (docs/guide/operations.md)."
      : "Open the same address on any device that can reach this machine."
  }
  Data     ${data} (server), ${plant} (plant)
           Delete both to start over.
  Guide    ${new URL("/guide/getting-started", url).href}
           Your own plant: ${new URL("/guide/your-own-plant", url).href}
  Stop     Ctrl+C stops the server and the plant; nothing that was confirmed is lost.
`;
}
