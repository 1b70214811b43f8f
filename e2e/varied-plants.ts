// OPC UA servers of other people's making, as tests of what a proposal says of them: companion specifications, controllers, gateways, three languages.
import {
  DataType,
  OPCUACertificateManager,
  OPCUAServer,
  Variant,
  nodesets,
  standardUnits,
  type AddressSpace,
  type Namespace,
  type UAObject,
  type UAObjectType,
  type UAVariable,
} from "node-opcua";

type Nodeset = keyof typeof nodesets;

/** What an attentive engineer would say of a plant. */
export interface Truth {
  /** Names of the machines, as the plant writes them. */
  readonly machines: readonly string[];
  /** Last parts of addresses → the role it has. What is not here may only be asserted as a plain value of its machine. */
  readonly roles: Readonly<Record<string, string>>;
  /** Nothing below these folders may be asserted at all. */
  readonly never?: RegExp;
}

export interface VariedPlant {
  readonly name: string;
  readonly nodesets: readonly Nodeset[];
  build(space: AddressSpace, own: Namespace): void;
  readonly truth: Truth;
}

/** One server of all nodesets that shows one plant after the other: to read the standard's own takes longer than all else. */
export async function startVariedServer(
  plants: readonly VariedPlant[],
  pkiFolder: string,
): Promise<{ readonly url: string; show(plant: VariedPlant): void; stop(): Promise<void> }> {
  const server = new OPCUAServer({
    port: 0,
    hostname: "127.0.0.1",
    nodeset_filename: [nodesets.standard, ...new Set(plants.flatMap((plant) => plant.nodesets.map((name) => nodesets[name])))],
    serverCertificateManager: new OPCUACertificateManager({ rootFolder: pkiFolder, automaticallyAcceptUnknownCertificate: true }),
    userCertificateManager: new OPCUACertificateManager({ rootFolder: `${pkiFolder}-users`, automaticallyAcceptUnknownCertificate: true }),
  });
  await server.initialize();
  const space = server.engine.addressSpace!;
  await server.start();
  const held = () => {
    const { objects } = space.rootFolder;
    const inside = objects
      .findReferencesEx("HierarchicalReferences")
      .flatMap(({ node }) => node?.findReferencesEx("HierarchicalReferences") ?? []);
    return [...objects.findReferencesEx("HierarchicalReferences"), ...inside].map(({ nodeId }) => nodeId);
  };
  const empty = new Set(held().map(String));
  return {
    url: `opc.tcp://127.0.0.1:${server.endpoints[0]!.port}`,
    show(plant) {
      for (const id of held()) if (!empty.has(String(id)) && space.findNode(id) !== null) space.deleteNode(id);
      plant.build(space, space.registerNamespace(`urn:varied:${plant.name}`));
    },
    stop: () => server.shutdown(0),
  };
}

const typeOf = (space: AddressSpace, uri: string, name: string): UAObjectType => space.findObjectType(name, space.getNamespaceIndex(uri))!;

/** Sets a property or variable of an instance, made from its type. */
function tell(object: UAObject, path: string, value: string | number): void {
  let at: { getChildByName(name: string): unknown } | undefined = object;
  for (const name of path.split("/")) at = at?.getChildByName(name) as typeof at;
  const variable = at as unknown as UAVariable | undefined;
  if (variable === undefined) throw new Error(`no ${path} in ${object.browseName.toString()}`);
  const type = variable.getBasicDataType();
  variable.setValueFromSource(new Variant({ dataType: type, value: type === DataType.LocalizedText ? { text: String(value) } : value }));
}

/** Folders as a path; a leaf of them is a variable with the address `s=<path with the separator>`. */
function tree(space: AddressSpace, own: Namespace, separator: string) {
  const folders = new Map<string, UAObject>();
  const folder = (path: readonly string[]): UAObject => {
    if (path.length === 0) return space.rootFolder.objects;
    const key = path.join(separator);
    const known = folders.get(key);
    if (known !== undefined) return known;
    const made = own.addFolder(folder(path.slice(0, -1)), { browseName: path.at(-1)!, nodeId: `s=${key}` });
    folders.set(key, made);
    return made;
  };
  return (
    text: string,
    dataType: "Double" | "Float" | "Int16" | "Int32" | "UInt32" | "Boolean" | "String",
    unit?: keyof typeof standardUnits,
  ): void => {
    const path = text.split("/");
    const place = folder(path.slice(0, -1));
    const value = new Variant({ dataType: DataType[dataType], value: dataType === "String" ? "x" : dataType === "Boolean" ? false : 1 });
    const common = { browseName: path.at(-1)!, nodeId: `s=${path.join(separator)}`, dataType, value };
    if (unit === undefined) own.addVariable({ organizedBy: place, ...common });
    else
      own.addAnalogDataItem({
        organizedBy: place,
        ...common,
        engineeringUnits: standardUnits[unit],
        engineeringUnitsRange: { low: 0, high: 100 },
      } as never);
  };
}

const MACHINERY = "http://opcfoundation.org/UA/Machinery/";

const machineTools: VariedPlant = {
  name: "machine tools",
  nodesets: ["di", "ia", "isa95JobControl", "machinery", "machineryJobs", "machineTool"],
  build(space, own) {
    const uri = "http://opcfoundation.org/UA/MachineTool/";
    // a builder's own type of machine: only its ancestry says what it is
    const type = own.addObjectType({ browseName: "MillX900Type", subtypeOf: typeOf(space, uri, "MachineToolType") });
    const machines = space.rootFolder.objects.getFolderElementByName("Machines", space.getNamespaceIndex(MACHINERY))!;
    for (const [name, serial] of [
      ["Mill-4711", "4711"],
      ["Mill-4712", "4712"],
    ] as const) {
      const machine = type.instantiate({ browseName: name, organizedBy: machines, nodeId: `s=${name}` });
      tell(machine, "Identification/Manufacturer", "Muster AG");
      tell(machine, "Identification/SerialNumber", serial);
      tell(machine, "Identification/ProductInstanceUri", `https://muster.example/mill/${serial}`);
      own.addVariable({
        componentOf: machine,
        browseName: "CoolantTemperature",
        nodeId: `s=${name}.CoolantTemperature`,
        dataType: "Double",
      });
    }
  },
  truth: {
    machines: ["Mill-4711", "Mill-4712"],
    roles: { "Mill-4711.CoolantTemperature": "Temperature", "Mill-4712.CoolantTemperature": "Temperature" },
  },
};

const robots: VariedPlant = {
  name: "robots",
  nodesets: ["di", "ia", "robotics"],
  build(space) {
    const uri = "http://opcfoundation.org/UA/Robotics/";
    const set = space.rootFolder.objects.getFolderElementByName("DeviceSet", space.getNamespaceIndex("http://opcfoundation.org/UA/DI/"))!;
    for (const name of ["Robot cell A", "Robot cell B"]) {
      const system = typeOf(space, uri, "MotionDeviceSystemType").instantiate({
        browseName: name,
        organizedBy: set as never,
        nodeId: `s=${name}`,
      });
      const devices = system.getChildByName("MotionDevices") as UAObject;
      const arm = typeOf(space, uri, "MotionDeviceType").instantiate({ browseName: "Arm", componentOf: devices, nodeId: `s=${name}.Arm` });
      tell(arm, "Manufacturer", "Arm makers");
      tell(arm, "SerialNumber", `${name.at(-1)!}-1`);
    }
  },
  truth: { machines: ["Robot cell A", "Robot cell B"], roles: {} },
};

const packers: VariedPlant = {
  name: "packers",
  nodesets: ["packML"],
  build(space) {
    const uri = "http://opcfoundation.org/UA/PackML/";
    const type = typeOf(space, uri, "PackMLBaseObjectType");
    const objects =
      space.rootFolder.objects.getFolderElementByName("PackMLObjects", space.getNamespaceIndex(uri)) ?? space.rootFolder.objects;
    for (const name of ["Filler", "Capper", "Labeller"])
      type.instantiate({ browseName: name, organizedBy: objects as never, nodeId: `s=${name}` });
  },
  truth: { machines: ["Filler", "Capper", "Labeller"], roles: {} },
};

export const isa95: VariedPlant = {
  name: "isa95",
  nodesets: [],
  build(space, own) {
    const isa = space.registerNamespace("http://www.OPCFoundation.org/UA/2013/01/ISA95");
    const equipment = isa.addObjectType({ browseName: "EquipmentType" });
    for (const name of ["Mixer", "Kiln"]) {
      const object = equipment.instantiate({ browseName: name, organizedBy: space.rootFolder.objects, nodeId: `s=${name}` });
      const value = new Variant({ dataType: DataType.UInt32, value: name === "Mixer" ? 4_711 : 815 });
      own.addVariable({ componentOf: object, browseName: "TotalCount", nodeId: `s=${name}.TotalCount`, dataType: "UInt32", value });
      own.addVariable({ componentOf: object, browseName: "State", nodeId: `s=${name}.State`, dataType: "Int32" });
    }
  },
  truth: {
    machines: ["Mixer", "Kiln"],
    roles: { "Mixer.TotalCount": "Total", "Kiln.TotalCount": "Total", "Mixer.State": "VendorState", "Kiln.State": "VendorState" },
  },
};

/** Data blocks of a controller, symbols flat and German. */
const blocks: VariedPlant = {
  name: "blocks",
  nodesets: [],
  build(space, own) {
    const add = tree(space, own, ".");
    for (let n = 10; n <= 60; n += 10) {
      const st = `ST${String(n).padStart(3, "0")}`;
      add(`PLC_1/DataBlocksGlobal/DB_${st}/Zaehler_Gut`, "Int32");
      add(`PLC_1/DataBlocksGlobal/DB_${st}/Zaehler_Ausschuss`, "Int32");
      add(`PLC_1/DataBlocksGlobal/DB_${st}/Betriebszustand`, "Int16");
      add(`PLC_1/DataBlocksGlobal/DB_${st}/Taktzeit`, "Float", "second");
      add(`PLC_1/DataBlocksGlobal/DB_${st}/Temperatur_Ist`, "Float", "degree_celsius");
      add(`PLC_1/DataBlocksGlobal/DB_${st}/Temperatur_Soll`, "Float", "degree_celsius");
      add(`PLC_1/DataBlocksGlobal/DB_${st}/Stoerung_Nr`, "Int16");
      for (let i = 0; i < 12; i++) add(`PLC_1/DataBlocksGlobal/DB_${st}/Merker_${i}`, "Boolean");
    }
    for (let i = 0; i < 80; i++) add(`PLC_1/Inputs/E${i}_${i % 8}`, "Boolean");
    for (const name of ["Zaehler_Testlauf", "Reserve_1", "Uhrzeit_Sekunde"]) add(`PLC_1/DataBlocksGlobal/DB_Allgemein/${name}`, "Int32");
    for (let i = 0; i < 20; i++) add(`PLC_1/DataBlocksInstance/IDB_Timer_${i}/ET`, "Int32");
  },
  truth: {
    machines: ["ST010", "ST020", "ST030", "ST040", "ST050", "ST060"],
    roles: Object.fromEntries(
      ["ST010", "ST020", "ST030", "ST040", "ST050", "ST060"].flatMap((st) => [
        [`DB_${st}.Zaehler_Gut`, "Good"],
        [`DB_${st}.Zaehler_Ausschuss`, "Reject"],
        [`DB_${st}.Betriebszustand`, "VendorState"],
        [`DB_${st}.Taktzeit`, "LastCycle"],
        [`DB_${st}.Temperatur_Ist`, "Temperature"],
      ]),
    ),
    never: /Inputs|DB_Allgemein|DataBlocksInstance|Merker|Soll|Stoerung/,
  },
};

/** Channels, devices and tags of a gateway; its own folders begin with an underscore. */
const gateway: VariedPlant = {
  name: "gateway",
  nodesets: [],
  build(space, own) {
    const add = tree(space, own, ".");
    for (let n = 1; n <= 4; n++) {
      const device = `Hall2_Line3/Press${n}`;
      add(`${device}/GoodCount`, "UInt32");
      add(`${device}/RejectCount`, "UInt32");
      add(`${device}/MachineState`, "Int16");
      add(`${device}/CycleTime`, "Float", "second");
      add(`${device}/HydraulicPressure`, "Float", "bar");
      add(`${device}/PressureSetpoint`, "Float", "bar");
      add(`${device}/HeartbeatCounter`, "UInt32");
      for (const own of ["_NoError", "_Error", "_Enabled"]) add(`${device}/_System/${own}`, "Boolean");
      for (const own of ["_SuccessfulReads", "_FailedReads", "_ResponseTime"]) add(`${device}/_Statistics/${own}`, "UInt32");
    }
    for (const own of ["_Date", "_Time", "_ActiveTagCount", "_TotalTagCount"]) add(`_System/${own}`, "UInt32");
    add("_Hints/Total_Count", "UInt32");
  },
  truth: {
    machines: ["Press1", "Press2", "Press3", "Press4"],
    roles: Object.fromEntries(
      ["Press1", "Press2", "Press3", "Press4"].flatMap((press) => [
        [`${press}.GoodCount`, "Good"],
        [`${press}.RejectCount`, "Reject"],
        [`${press}.MachineState`, "VendorState"],
        [`${press}.CycleTime`, "LastCycle"],
        [`${press}.HydraulicPressure`, "Pressure"],
      ]),
    ),
    never: /_System|_Statistics|_Hints|Setpoint|Heartbeat/,
  },
};

const chinese: VariedPlant = {
  name: "chinese",
  nodesets: [],
  build(space, own) {
    const add = tree(space, own, "/");
    for (let n = 1; n <= 5; n++) {
      const station = `一车间/总装线/工位${n}`;
      add(`${station}/合格计数`, "Int32");
      add(`${station}/不合格计数`, "Int32");
      add(`${station}/设备状态`, "Int16");
      add(`${station}/节拍`, "Float", "second");
      add(`${station}/主轴温度`, "Float", "degree_celsius");
      add(`${station}/温度设定`, "Float", "degree_celsius");
      add(`${station}/备用${n}`, "Int32");
    }
    add("一车间/总装线/调试/计数测试", "Int32");
    add("系统/时钟", "Int32");
  },
  truth: {
    machines: ["工位1", "工位2", "工位3", "工位4", "工位5"],
    roles: Object.fromEntries(
      [1, 2, 3, 4, 5].flatMap((n) => [
        [`工位${n}/合格计数`, "Good"],
        [`工位${n}/不合格计数`, "Reject"],
        [`工位${n}/设备状态`, "VendorState"],
        [`工位${n}/节拍`, "LastCycle"],
        [`工位${n}/主轴温度`, "Temperature"],
      ]),
    ),
    never: /温度设定|备用|调试|系统/,
  },
};

/** Machines with names of their own, no numbers, no standard. */
const named: VariedPlant = {
  name: "named",
  nodesets: [],
  build(space, own) {
    const add = tree(space, own, "/");
    for (const machine of ["Saw", "Drill", "Washer", "Packer"]) {
      add(`Factory/Assembly/${machine}/Status`, "Int32");
      add(`Factory/Assembly/${machine}/Total Parts`, "UInt32");
      add(`Factory/Assembly/${machine}/Good Parts`, "UInt32");
      add(`Factory/Assembly/${machine}/Motor Current`, "Double", "ampere");
      add(`Factory/Assembly/${machine}/Config/MaxCurrent`, "Double", "ampere");
      add(`Factory/Assembly/${machine}/Firmware`, "String");
    }
    add("Factory/Utilities/CompressedAir/Pressure", "Double", "bar");
    add("Diagnostics/Uptime", "UInt32");
    add("Diagnostics/Status", "Int32");
  },
  truth: {
    machines: ["Saw", "Drill", "Washer", "Packer"],
    roles: Object.fromEntries(
      ["Saw", "Drill", "Washer", "Packer"].flatMap((machine) => [
        [`${machine}/Status`, "VendorState"],
        [`${machine}/Total Parts`, "Total"],
        [`${machine}/Good Parts`, "Good"],
        [`${machine}/Motor Current`, "ElectricCurrent"],
      ]),
    ),
    never: /Config|Diagnostics/,
  },
};

/** A building: no machine in it, and none may be invented. */
const building: VariedPlant = {
  name: "building",
  nodesets: [],
  build(space, own) {
    const add = tree(space, own, "/");
    for (let n = 1; n <= 6; n++) {
      add(`BMS/Floor ${n}/Room ${n}01/Temperature`, "Double", "degree_celsius");
      add(`BMS/Floor ${n}/Room ${n}01/Light`, "Boolean");
      add(`BMS/Floor ${n}/Room ${n}01/Setpoint`, "Double", "degree_celsius");
    }
  },
  truth: { machines: [], roles: {}, never: /./ },
};

export const variedPlants: readonly VariedPlant[] = [machineTools, robots, packers, isa95, blocks, gateway, chinese, named, building];
