/** What one browser keeps of its terminal, by world; a browser that refuses storage forgets it. */
export class DeviceMemory {
  readonly #prefix: string;

  constructor(world: string) {
    this.#prefix = `doppelwerk.atStation.${world}.`;
  }

  get<Value>(name: string): Value | undefined {
    try {
      const text = localStorage.getItem(this.#prefix + name);
      return text === null ? undefined : (JSON.parse(text) as Value);
    } catch {
      // unreadable: as if there were none
      return undefined;
    }
  }

  /** False: it could not be kept. */
  set(name: string, value: unknown): boolean {
    try {
      if (value === undefined) localStorage.removeItem(this.#prefix + name);
      else localStorage.setItem(this.#prefix + name, JSON.stringify(value));
      return true;
    } catch {
      // storage that is full or refused
      return false;
    }
  }

  /** Names that begin so, in their order. */
  names(begin: string): readonly string[] {
    try {
      return Object.keys(localStorage)
        .filter((key) => key.startsWith(this.#prefix + begin))
        .map((key) => key.slice(this.#prefix.length))
        .toSorted();
    } catch {
      // no storage at all
      return [];
    }
  }
}

/** A UUID of version 4, also where the page has no secure context. */
export function newUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
