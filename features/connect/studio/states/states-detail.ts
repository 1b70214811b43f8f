const SEARCH = "states:code=";

/** The station in the address of the states of Connect: `states:S010`. */
export function statesDetail(station: string): string {
  return `states:${station}`;
}

/** A raw state that is looked for at all stations: `states:code=7`. */
export function codeDetail(code: string): string {
  return `${SEARCH}${code}`;
}

/** The code in such an address; undefined in others. */
export function codeOf(detail: string | undefined): string | undefined {
  return detail?.startsWith(SEARCH) === true ? detail.slice(SEARCH.length) : undefined;
}
