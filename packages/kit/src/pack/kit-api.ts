/** The API of the kit that packs name in `doppelwerk.api`: `^1` takes every 1.x. A breaking change raises the major number, an addition the minor one. */
export const KIT_API = { major: 1, minor: 0 } as const;
