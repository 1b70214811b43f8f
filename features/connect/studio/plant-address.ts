/** A host alone, or with its port: the server adds what usually listens there. */
const HOST = /^(?:\[[0-9a-f:.]+\]|[\p{L}\d](?:[\p{L}\d._-]*[\p{L}\d])?)(?::\d{1,5}(?:\/\S*)?|(?<=\.\d+))$|^localhost$/iu;
const URL_OF_PLANT = /^(opc\.tcp|mqtts?|wss?|https?|modbus\+tcp|s7|shdr|file|replay|postgres(ql)?):\/\/\S+/;

/** Whether a plant can be looked for there. */
export function isPlantAddress(address: string): boolean {
  return URL_OF_PLANT.test(address) || HOST.test(address);
}

/** A host without a scheme is looked at as an OPC UA server first. */
export function isOpcua(address: string): boolean {
  return address.startsWith("opc.tcp:") || HOST.test(address);
}

/** Whether a user and a password are part of the protocol. */
export function takesUser(address: string): boolean {
  return isOpcua(address) || /^(mqtts?|wss?):/.test(address);
}

/** The name under which user and password of an address are kept. */
export function secretName(address: string): string {
  return address
    .replace(/^[a-z.+]+:\/\//i, "")
    .replaceAll(/[^A-Za-z0-9_-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60)
    .toLowerCase();
}

/** Settings, as JSON, of a plant that does not describe itself. */
export function settingsExample(address: string): string {
  const scheme = address.trim().split(":")[0] ?? "";
  const examples: Readonly<Record<string, object>> = {
    s7: { symbols: [{ name: "Temperature", address: "DB10.DBW4:INT", scale: 0.1, unit: "Cel" }] },
    "modbus+tcp": { registers: [{ name: "Temperature", table: "holding", address: 100, type: "int16", scale: 0.1, unit: "Cel" }] },
    mqtt: { template: "plant/{area}/{machine}/{signal}" },
    mqtts: { template: "plant/{area}/{machine}/{signal}" },
    file: { timeColumn: "at", timeZone: "Europe/Berlin", decimal: "," },
    postgres: { query: "select at, machine, good from counts where at > $1::timestamptz", timeColumn: "at" },
    replay: { speed: 10, shiftToNow: true },
    "opc.tcp": { securityMode: "SignAndEncrypt" },
  };
  return JSON.stringify(examples[scheme] ?? { intervalS: 1 });
}
