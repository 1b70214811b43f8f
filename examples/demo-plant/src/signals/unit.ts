/** One machine, cell or workplace of the line; `id` is the word the plant uses everywhere. */
export interface PlantUnit<Id extends string = UnitId> {
  readonly id: Id;
  readonly title: { readonly en: string; readonly zh: string };
  readonly manufacturer: string;
  readonly designation: { readonly en: string; readonly zh: string };
  readonly orderCode: string;
  readonly serialNumber: string;
  readonly yearOfConstruction: number;
  readonly software: string;
}

export type UnitId = (typeof unitIds)[number];

/** Order of the main flow, the tub sub-assembly first. */
export const unitIds = [
  "T10",
  "T20",
  "T30",
  "S010",
  "S030",
  "S040",
  "S050",
  "S060",
  "S070",
  "S080",
  "S090",
  "S100",
  "S110",
  "R10",
  "S120",
  "S130",
] as const;

/** The three units of the small plant that starts within seconds. */
export const minimalUnitIds: readonly UnitId[] = ["S090", "S110", "S120"];

/** All makers are invented. */
export const units: readonly PlantUnit[] = [
  unit(
    "T10",
    "Bearing press",
    "轴承压装",
    "Halvorsen Pressenbau",
    "Servo press with bearing feeder",
    "带轴承供料的伺服压机",
    "HP-80S",
    "80-2217",
    2021,
    "4.2.1",
  ),
  unit(
    "T20",
    "Tub weld",
    "外筒焊接",
    "Sonavec",
    "Ultrasonic welder, two stations",
    "双工位超声波焊接机",
    "SV-2400-D",
    "SV-118904",
    2020,
    "7.0.3",
  ),
  unit(
    "T30",
    "Counterweight screws",
    "配重块拧紧",
    "Kerntorq",
    "Four-spindle nutrunner",
    "四轴拧紧机",
    "KT-4M10",
    "4M-0731",
    2020,
    "2.18.0",
  ),
  unit(
    "S010",
    "Cabinet load",
    "箱体上线",
    "Roverra Robotics",
    "Six-axis robot with vacuum gripper",
    "真空抓手六轴机器人",
    "RR-165/27",
    "R165-40882",
    2022,
    "11.4",
  ),
  unit(
    "S030",
    "Tub marriage",
    "外筒合装",
    "Montara Systems",
    "Lift-assisted workplace",
    "升降辅助工位",
    "MS-LW2",
    "LW2-0319",
    2019,
    "1.9.7",
  ),
  unit(
    "S040",
    "Motor and belt",
    "电机与皮带",
    "Montara Systems",
    "Workplace with belt tension meter",
    "带皮带张力仪的工位",
    "MS-LW1-BT",
    "LW1-0322",
    2019,
    "1.9.7",
  ),
  unit(
    "S050",
    "Pump and hoses",
    "水泵与软管",
    "Montara Systems",
    "Double workplace with clamp tools",
    "双卡箍工具工位",
    "MS-DW-CL",
    "DW-0340",
    2019,
    "1.9.7",
  ),
  unit(
    "S060",
    "Harness",
    "线束",
    "Montara Systems",
    "Double workplace with pick-to-light",
    "双灯光拣选工位",
    "MS-DW-PL",
    "DW-0341",
    2019,
    "1.9.7",
  ),
  unit(
    "S070",
    "Door and front",
    "门与前面板",
    "Pelion Werkplatz",
    "Double workplace with press-in tool",
    "双压入工具工位",
    "PW-220",
    "PW-77120",
    2018,
    "3.1",
  ),
  unit(
    "S080",
    "Automatic screwing",
    "自动拧紧",
    "Kerntorq",
    "Six-spindle screwing cell",
    "六轴自动拧紧单元",
    "KT-6C",
    "6C-0188",
    2021,
    "2.20.1",
  ),
  unit(
    "S090",
    "Leak test",
    "泄漏测试",
    "Drägermann",
    "Leak test rack with six places",
    "六工位泄漏测试台",
    "LT-6",
    "20-4471",
    2020,
    "5.5.2",
  ),
  unit(
    "S100",
    "Electrical and function test",
    "电气与功能测试",
    "Voltaris Prüftechnik",
    "Function test cells, four places",
    "四工位功能测试单元",
    "VP-FT4",
    "FT4-1093",
    2021,
    "9.3.0",
  ),
  unit(
    "S110",
    "Camera and label",
    "视觉检测与贴标",
    "Okularis Vision",
    "Camera tunnel with label printer",
    "带贴标机的视觉通道",
    "OV-T8L",
    "T8L-5526",
    2023,
    "3.7.12",
  ),
  unit("R10", "Rework", "返修", "Montara Systems", "Rework benches, two places", "双返修台", "MS-RW2", "RW2-0355", 2019, "1.9.7"),
  unit("S120", "Packing", "包装", "Kartonia", "Stretch-film and carton packer", "缠绕膜纸箱包装机", "KX-900", "900-3408", 2017, "6.11"),
  unit("S130", "Palletiser", "码垛", "Roverra Robotics", "Palletising robot", "码垛机器人", "RR-P240/31", "P240-10457", 2022, "11.4"),
];

export function unitOf(id: UnitId): PlantUnit {
  const found = units.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no such unit: ${id}`);
  return found;
}

/** A machine is the same wherever it stands: nothing of its place is in the URI of its instance. */
export function instanceUri(serialNumber: string): string {
  return `urn:doppelwerk:demo-plant:machine:${serialNumber}`;
}

function unit(
  id: UnitId,
  en: string,
  zh: string,
  manufacturer: string,
  designationEn: string,
  designationZh: string,
  orderCode: string,
  serialNumber: string,
  yearOfConstruction: number,
  software: string,
): PlantUnit {
  return {
    id,
    title: { en, zh },
    manufacturer,
    designation: { en: designationEn, zh: designationZh },
    orderCode,
    serialNumber,
    yearOfConstruction,
    software,
  };
}
