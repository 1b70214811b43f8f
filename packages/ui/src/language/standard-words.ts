import type { Text } from "@doppelwerk/client";
import type { Language } from "../time/format.ts";

/** Nouns of the IDTA templates and of the discrete line in Chinese, by idShort in lower case: engineering files seldom name their elements twice. */
const chinese: Readonly<Record<string, string>> = {
  // IDTA 02006 Digital Nameplate
  urioftheproduct: "产品 URI",
  manufacturername: "制造商",
  manufacturerproductdesignation: "产品名称",
  manufacturerproductfamily: "产品系列",
  manufacturerproducttype: "产品型号",
  ordercodeofmanufacturer: "订货号",
  productarticlenumberofmanufacturer: "产品编号",
  serialnumber: "序列号",
  yearofconstruction: "制造年份",
  dateofmanufacture: "制造日期",
  hardwareversion: "硬件版本",
  firmwareversion: "固件版本",
  softwareversion: "软件版本",
  countryoforigin: "原产国",
  uniquefacilityidentifier: "工厂标识",
  street: "街道",
  zipcode: "邮政编码",
  citytown: "城市",
  nationalcode: "国家代码",
  // what a line of stations is described with
  numberofplaces: "工位数",
  idealcycletime: "理想节拍",
  buffercapacity: "前缓冲容量",
  operators: "操作员数",
  meanoperatingtimebetweenfailures: "平均故障间隔运行时间",
  meantimetorepair: "平均修复时间",
  microstopinterval: "短停间隔",
  microstopduration: "短停时长",
  rejectrate: "不合格率",
  retestrejectrate: "复测不合格率",
  maxtries: "最多测试次数",
  rejectto: "不合格品去向",
  numberofcarriers: "载具数",
  takt: "节拍",
  product: "产品",
  addedtime: "附加时间",
  attribute: "属性",
  duration: "时长",
  positionx: "位置 X",
  positiony: "位置 Y",
  rotation: "旋转",
  length: "长度",
  width: "宽度",
  partkind: "部件类型",
  version: "版本",
  word: "原始值",
  state: "状态",
  cause: "原因",
};

/** A label in the reader's language: its own words, else those of the standard, else as it came. */
export function elementLabel(label: Text, language: Language): string {
  if (language !== "zh") return label.en || label.zh;
  if (label.zh !== "" && label.zh !== label.en) return label.zh;
  return chinese[label.en.replace(/[^A-Za-z]/g, "").toLowerCase()] ?? label.en;
}
