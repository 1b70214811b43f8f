/**
 * Name of a zone as people read it, `Europe/Berlin`. `Etc/GMT+11` is eleven hours behind (POSIX counts west of Greenwich), which everybody reads as ahead: it is `UTC−11`.
 */
export function zoneNameText(name: string): string {
  const [, sign, hours] = /^Etc\/GMT([+-])0?(\d+)$/.exec(name) ?? [];
  if (hours === undefined) return name;
  return hours === "0" ? "UTC" : `UTC${sign === "+" ? "−" : "+"}${hours}`;
}

/** The same in a file that not every program reads as UTF-8: `UTC-11`. */
export function zoneFieldText(name: string): string {
  return zoneNameText(name).replace("−", "-");
}
