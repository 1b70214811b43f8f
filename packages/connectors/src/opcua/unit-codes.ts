// Units by number, for servers that leave the name of a unit empty: Part 8, 5.6.4.3 makes a unit's number of the letters of its UNECE code.

const UNECE = /^http:\/\/www\.opcfoundation\.org\/UA\/units\/un\/cefact\/?$/;

/** Common codes of UNECE Recommendation 20 as people write them. */
const CODES: ReadonlyMap<string, string> = new Map(
  (
    "CEL °C,FAH °F,KEL K,P1 %,BAR bar,MBR mbar,PAL Pa,KPA kPa,MPA MPa,A97 hPa,SEC s,C26 ms,MIN min,HUR h,DAY d,MMT mm,CMT cm,MTR m,KMT km," +
    "4H µm,MMK mm²,MTK m²,MTQ m³,LTR l,MLT ml,GRM g,KGM kg,TNE t,MTS m/s,C16 mm/s,2M cm/s,2X m/min,KMH km/h,RPM 1/min,HTZ Hz,KHZ kHz,MHZ MHz," +
    "AMP A,4K mA,VLT V,2Z mV,KVT kV,OHM Ω,WTT W,KWT kW,MAW MW,WHR Wh,KWH kWh,JOU J,KJO kJ,NEW N,B47 kN,NU N·m,L2 l/min,MQH m³/h,G51 l/s,MQS m³/s," +
    "DD °,C81 rad,MSK m/s²,KMQ kg/m³,KGS kg/s,E93 kg/h,C62 1,H87 pcs,D46 VA,KVA kVA"
  )
    .split(",")
    .map((pair) => pair.split(" ") as [string, string]),
);

/** Undefined where the number is of another list than that of the UNECE, or of a unit that is not known here. */
export function unitOfNumber(namespaceUri: unknown, unitId: unknown): string | undefined {
  if (typeof namespaceUri !== "string" || !UNECE.test(namespaceUri) || typeof unitId !== "number" || unitId <= 0) return undefined;
  const code = String.fromCharCode((unitId >> 16) & 0xff, (unitId >> 8) & 0xff, unitId & 0xff).replaceAll("\0", "");
  return CODES.get(code);
}
