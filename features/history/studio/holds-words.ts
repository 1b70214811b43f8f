/** Whether each word that was typed is somewhere in station, name, unit or id, in any order and with any other words between. */
export function holdsWords({ value, label }: { readonly value: string; readonly label: string }, typed: string): boolean {
  const text = `${label} ${value}`.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/u)
    .every((word) => text.includes(word));
}
