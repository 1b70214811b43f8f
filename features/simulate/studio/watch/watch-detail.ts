/** `watch`, `watch@3600`: the detail of Decide's address while a run is watched. */
export function watchedFrom(detail: string | undefined): number | undefined {
  const [, seconds] = /^watch(?:@(\d+))?$/.exec(detail ?? "") ?? [];
  return detail?.startsWith("watch") === true ? Number(seconds ?? 0) : undefined;
}
