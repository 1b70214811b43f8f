import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

export interface Quota {
  readonly files: number;
  readonly bytes: number;
}

/** Of each person, and of each world. */
export interface Quotas {
  readonly person: Quota;
  readonly world: Quota;
}

const GIGA = 1e9;
const NONE: Quota = { files: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };
/** Far above what a plant stores, and far below what fills a disk unseen. */
export const DEFAULT_QUOTAS: Quotas = { person: { files: 100_000, bytes: 50 * GIGA }, world: NONE };

const NAMES = ["person-files", "person-gb", "world-files", "world-gb"] as const;

/** `person-files=1000`, `person-gb=2.5`, `world-files=…`, `world-gb=…`; each stands for itself. Errors: DW_INVALID. */
export function quotasOf(texts: readonly string[] = []): Quotas {
  const given = new Map<string, number>();
  for (const text of texts) {
    const [, name = "", value = ""] = /^([a-z-]+)=(\d{1,12}(?:\.\d{1,9})?)$/.exec(text) ?? [];
    const isKnown = NAMES.some((each) => each === name) && (name.endsWith("-gb") || !value.includes("."));
    if (!isKnown || given.has(name)) throw new DoppelwerkError("DW_INVALID", message("server.quota", { text: text.slice(0, 100) }));
    given.set(name, Number(value));
  }
  const of = (whose: keyof Quotas): Quota => {
    const gigabytes = given.get(`${whose}-gb`);
    return {
      files: given.get(`${whose}-files`) ?? DEFAULT_QUOTAS[whose].files,
      bytes: gigabytes === undefined ? DEFAULT_QUOTAS[whose].bytes : Math.round(gigabytes * GIGA),
    };
  };
  return { person: of("person"), world: of("world") };
}
