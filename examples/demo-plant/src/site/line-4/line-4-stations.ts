import type { PlantUnit } from "../../signals/unit.ts";
import type { LayoutEntry } from "../../truth/layout.ts";
import type { Line4Id } from "./line-4-table.ts";

/** The machines of Line 4. All makers are invented. */
export const line4Stations: readonly PlantUnit<Line4Id>[] = [
  station(
    "L4-010",
    "Base and heat pump",
    "底座与热泵",
    "Montara Systems",
    "Double workplace with hoist",
    "双起吊工位",
    "MS-DW-H",
    "DW-0402",
    2016,
  ),
  station("L4-020", "Refrigerant charge", "制冷剂充注", "Frigovac", "Evacuation and charging rig", "抽空充注机", "FV-3C", "3C-1180", 2019),
  station("L4-030", "Drum weld", "滚筒焊接", "Lasertec Nord", "Laser seam welder", "激光缝焊机", "LN-4K", "4K-0096", 2018),
  station(
    "L4-040",
    "Drum and belt",
    "滚筒与皮带",
    "Montara Systems",
    "Workplace with belt gauge",
    "带皮带量规的工位",
    "MS-LW1-B",
    "LW1-0411",
    2014,
  ),
  station("L4-050", "Press and rivet", "压铆", "Nietwerk", "Pneumatic press and riveting cell", "气动压铆单元", "NW-P12", "P12-3307", 2015),
  station(
    "L4-060",
    "Function test",
    "功能测试",
    "Voltaris Prüftechnik",
    "Dryer test cells, five places",
    "五工位干衣机测试单元",
    "VP-DT5",
    "DT5-0207",
    2018,
  ),
  station("L4-R10", "Rework", "返修", "Montara Systems", "Rework benches, two places", "双返修台", "MS-RW2", "RW2-0419", 2016),
  station("L4-070", "Packing", "包装", "Kartonia", "Carton packer", "纸箱包装机", "KX-600", "600-2215", 2013),
];

export const line4Layout: Readonly<Record<Line4Id, LayoutEntry>> = {
  "L4-010": { kind: "workplace", x: 8, y: 32, rotation: 0, length: 4.4, width: 2.6 },
  "L4-020": { kind: "machine", x: 15, y: 32, rotation: 0, length: 4, width: 2.2 },
  "L4-030": { kind: "machine", x: 22, y: 32, rotation: 0, length: 3, width: 2.4 },
  "L4-040": { kind: "workplace", x: 28, y: 32, rotation: 0, length: 2.4, width: 2.6 },
  "L4-050": { kind: "press", x: 34, y: 32, rotation: 0, length: 2.4, width: 2.2 },
  "L4-060": { kind: "test-cell", x: 43, y: 32, rotation: 0, length: 6.2, width: 1.8 },
  "L4-R10": { kind: "rework-bench", x: 47, y: 27, rotation: 270, length: 4.2, width: 1 },
  "L4-070": { kind: "machine", x: 37, y: 25, rotation: 180, length: 3.2, width: 2.4 },
};

function station(
  id: Line4Id,
  en: string,
  zh: string,
  manufacturer: string,
  designationEn: string,
  designationZh: string,
  orderCode: string,
  serialNumber: string,
  yearOfConstruction: number,
): PlantUnit<Line4Id> {
  return {
    id,
    title: { en, zh },
    manufacturer,
    designation: { en: designationEn, zh: designationZh },
    orderCode,
    serialNumber,
    yearOfConstruction,
    software: "",
  };
}
