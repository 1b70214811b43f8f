/** A title without the id of its station, which is shown beside it: `Door and front` of `S070 Door and front`. */
export function withoutStation(station: string, title: string): string {
  return title.startsWith(`${station} `) ? title.slice(station.length + 1) : title;
}
