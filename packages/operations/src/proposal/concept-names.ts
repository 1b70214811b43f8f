import type { DataTypeIec61360 } from "@doppelwerk/aas";

/** What a concept description says of a role: its preferred name in the languages of the document, and its data type (IEC 61360). */
export interface ConceptName {
  readonly en: string;
  readonly zh: string;
  readonly dataType: DataTypeIec61360;
}

/** Texts of the documents that are proposed, not of the product: a document has every language at once. */
export const CONCEPT_NAMES: Readonly<Record<string, ConceptName>> = {
  ItemState: { en: "Item state (OPC 40001-1)", zh: "设备状态（OPC 40001-1）", dataType: "STRING" },
  OperationMode: { en: "Operation mode (OPC 40001-1)", zh: "运行模式（OPC 40001-1）", dataType: "STRING" },
  VendorState: { en: "State in the maker's words", zh: "厂商状态字", dataType: "STRING" },
  Blocked: { en: "Blocked", zh: "堵料", dataType: "BOOLEAN" },
  Starved: { en: "Starved", zh: "缺料", dataType: "BOOLEAN" },
  Total: { en: "Produced quantity", zh: "总产量", dataType: "INTEGER_COUNT" },
  Good: { en: "Good quantity", zh: "合格品数量", dataType: "INTEGER_COUNT" },
  Reject: { en: "Rejected quantity", zh: "不良品数量", dataType: "INTEGER_COUNT" },
  LastCycle: { en: "Duration of the last cycle", zh: "上一节拍时间", dataType: "REAL_MEASURE" },
  Product: { en: "Product", zh: "产品", dataType: "STRING" },
  Temperature: { en: "Temperature", zh: "温度", dataType: "REAL_MEASURE" },
  Pressure: { en: "Pressure", zh: "压力", dataType: "REAL_MEASURE" },
  RotationalSpeed: { en: "Rotational Speed", zh: "转速", dataType: "REAL_MEASURE" },
  ElectricCurrent: { en: "Electric Current", zh: "电流", dataType: "REAL_MEASURE" },
  Power: { en: "Power", zh: "功率", dataType: "REAL_MEASURE" },
  Energy: { en: "Energy", zh: "电能", dataType: "REAL_MEASURE" },
  Torque: { en: "Torque", zh: "扭矩", dataType: "REAL_MEASURE" },
  Force: { en: "Force", zh: "力", dataType: "REAL_MEASURE" },
  FlowRate: { en: "Flow Rate", zh: "流量", dataType: "REAL_MEASURE" },
  Level: { en: "Level", zh: "液位", dataType: "REAL_MEASURE" },
  Vibration: { en: "Vibration", zh: "振动", dataType: "REAL_MEASURE" },
  Humidity: { en: "Humidity", zh: "湿度", dataType: "REAL_MEASURE" },
};
