import type { OfferedObject } from "./offered.ts";

/** Standards that say by a type what an object is. Recognised by namespace URI and browse name of the type, never by an index (P20). */

export type AssetLevel = "machine" | "component";

interface CompanionType {
  readonly namespace: RegExp;
  /** Browse name of the type. */
  readonly type: RegExp;
  readonly level: AssetLevel;
  readonly standard: string;
  /** The object says who made its parent, instead of being the asset. */
  readonly identifiesParent?: true;
}

/** Some of them end without a slash. */
const ua = (name: string) => new RegExp(`^http://opcfoundation\\.org/UA/${name}(?:/|$)`);

const TYPES: readonly CompanionType[] = [
  {
    namespace: ua("Machinery"),
    type: /^MachineIdentificationType$/,
    level: "machine",
    standard: "OPC 40001-1 Machinery",
    identifiesParent: true,
  },
  {
    namespace: ua("Machinery"),
    type: /^Machinery(?:Component|Equipment|Item)IdentificationType$/,
    level: "component",
    standard: "OPC 40001-1 Machinery",
    identifiesParent: true,
  },
  {
    namespace: ua("MachineTool"),
    type: /^MachineToolIdentificationType$/,
    level: "machine",
    standard: "OPC 40501-1 Machine Tools",
    identifiesParent: true,
  },
  { namespace: ua("MachineTool"), type: /^MachineToolType$/, level: "machine", standard: "OPC 40501-1 Machine Tools" },
  { namespace: ua("Robotics"), type: /^MotionDeviceSystemType$/, level: "machine", standard: "OPC 40010-1 Robotics" },
  { namespace: ua("Robotics"), type: /^(?:MotionDeviceType|ControllerType)$/, level: "component", standard: "OPC 40010-1 Robotics" },
  { namespace: ua("PackML"), type: /^PackMLBaseObjectType$/, level: "machine", standard: "OPC 30050 PackML" },
  { namespace: ua("Weihenstephan"), type: /^WS(?:Machine|BaseObject)Type$/, level: "machine", standard: "OPC 40600 Weihenstephan" },
  { namespace: ua("Woodworking"), type: /^WwMachineType$/, level: "machine", standard: "OPC 40550-1 Woodworking" },
  { namespace: ua("Glass/Flat"), type: /^GlassMachineType$/, level: "machine", standard: "OPC 40301 Flat Glass" },
  { namespace: ua("PlasticsRubber/IMM2MES"), type: /^IMM_MES_InterfaceType$/, level: "machine", standard: "OPC 40077 IMM to MES" },
  { namespace: ua("CNC"), type: /^CncInterfaceType$/, level: "machine", standard: "OPC 40502 CNC" },
  { namespace: ua("IJT/Base"), type: /^JoiningSystemType$/, level: "machine", standard: "OPC 40450-1 Joining" },
  { namespace: ua("MachineVision"), type: /^VisionSystemType$/, level: "component", standard: "OPC 40100-1 Machine Vision" },
  { namespace: ua("AutoID"), type: /^AutoIdDeviceType$/, level: "component", standard: "OPC 30010 AutoID" },
  { namespace: ua("LADS"), type: /^LADSDeviceType$/, level: "machine", standard: "OPC 30500-1 LADS" },
  { namespace: ua("Pumps"), type: /^PumpType$/, level: "component", standard: "OPC 40223 Pumps" },
  {
    namespace: ua("CommercialKitchenEquipment"),
    type: /^CommercialKitchenDeviceType$/,
    level: "component",
    standard: "OPC 30200 Commercial Kitchen Equipment",
  },
  { namespace: ua("Scales"), type: /^Scale(?:Device|System)Type$/, level: "component", standard: "OPC 40200 Weighing" },
  {
    namespace: /^http:\/\/www\.opcfoundation\.org\/UA\/2013\/01\/ISA95$/i,
    type: /^EquipmentType$/,
    level: "machine",
    standard: "OPC 10030 ISA-95",
  },
  {
    namespace: /^http:\/\/www\.opcfoundation\.org\/UA\/2013\/01\/ISA95$/i,
    type: /^PhysicalAssetType$/,
    level: "component",
    standard: "OPC 10030 ISA-95",
  },
  { namespace: /^urn:mtconnect\.org:MTConnectDevices/, type: /^Device$/, level: "machine", standard: "MTConnect" },
  { namespace: /^urn:doppelwerk:sparkplug$/, type: /^Device$/, level: "machine", standard: "Sparkplug B" },
  { namespace: /^urn:doppelwerk:event-log$/, type: /^Activity$/, level: "machine", standard: "event log" },
];

export interface Recognised {
  /** Browse name of the standard's type. */
  readonly type: string;
  readonly level: AssetLevel;
  readonly standard: string;
  readonly identifiesParent: boolean;
}

/** By the type, else by the nearest that it derives from: a vendor's own machine is still a machine. Undefined for types of no standard that we know. */
export function recognised({ type, supertypes = [] }: Pick<OfferedObject, "type" | "supertypes">): Recognised | undefined {
  for (const each of type === undefined ? supertypes : [type, ...supertypes]) {
    const found = TYPES.find((candidate) => candidate.namespace.test(each.namespace) && candidate.type.test(each.name));
    if (found !== undefined)
      return { level: found.level, standard: found.standard, type: each.name, identifiesParent: found.identifiesParent === true };
  }
  return undefined;
}
