/** `GoodCount` and `seal_temp` as words; what is written in capitals (`RFID`, `URIOfTheProduct`) keeps them. */
export function roleWords(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .replace(/[_.]+/g, " ")
    .trim()
    .split(" ")
    .map((word) => (/^[A-Z][A-Z\d]+$/.test(word) ? word : word.toLowerCase()))
    .join(" ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
