/** `06:00` of minutes after midnight. */
export const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

/** Minutes after midnight of `06:00`; undefined where it is no time. */
export function minuteOf(text: string): number | undefined {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim()) ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
export const timeZones = (): readonly string[] => [...new Set([ownZone(), "UTC", ...Intl.supportedValuesOf("timeZone")])];
