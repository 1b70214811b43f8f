import { makeEUInformation } from "node-opcua";

/** OPC UA Part 8, 5.6.4.3: units are UNECE recommendation 20 codes; the display name is what people write. By UCUM code. */
const unitCodes: Readonly<Record<string, readonly [code: string, display: string, name: string]>> = {
  "1": ["C62", "", "one"],
  "%": ["P1", "%", "percent"],
  "[ppm]": ["59", "ppm", "parts per million"],
  A: ["AMP", "A", "ampere"],
  bar: ["BAR", "bar", "bar"],
  Cel: ["CEL", "°C", "degree Celsius"],
  dB: ["2N", "dB", "decibel"],
  deg: ["DD", "°", "degree"],
  Hz: ["HTZ", "Hz", "hertz"],
  J: ["JOU", "J", "joule"],
  kN: ["B47", "kN", "kilonewton"],
  kOhm: ["B49", "kΩ", "kiloohm"],
  kPa: ["KPA", "kPa", "kilopascal"],
  kW: ["KWT", "kW", "kilowatt"],
  "kW.h": ["KWH", "kW·h", "kilowatt hour"],
  l: ["LTR", "l", "litre"],
  "l/min": ["L2", "l/min", "litre per minute"],
  lx: ["LUX", "lx", "lux"],
  m: ["MTR", "m", "metre"],
  "m/s": ["MTS", "m/s", "metre per second"],
  "m3/h": ["MQH", "m³/h", "cubic metre per hour"],
  mA: ["4K", "mA", "milliampere"],
  min: ["MIN", "min", "minute"],
  mm: ["MMT", "mm", "millimetre"],
  "mm/s": ["C16", "mm/s", "millimetre per second"],
  N: ["NEW", "N", "newton"],
  "N.m": ["NU", "N·m", "newton metre"],
  "/min": ["C94", "min⁻¹", "reciprocal minute"],
  s: ["SEC", "s", "second"],
  um: ["4H", "µm", "micrometre"],
  V: ["VLT", "V", "volt"],
  W: ["WTT", "W", "watt"],
};

/** EUInformation of a UCUM code; throws on a code the table lacks, since the signal list is ours. */
export function engineeringUnit(ucum: string): ReturnType<typeof makeEUInformation> {
  const entry = unitCodes[ucum];
  if (!entry) throw new Error(`no UNECE code for unit ${ucum}`);
  const unit = makeEUInformation(...entry);
  unit.namespaceUri = "http://www.opcfoundation.org/UA/units/un/cefact";
  return unit;
}
