import { z } from "zod";
import { message } from "@doppelwerk/messages";
import { fault } from "@doppelwerk/messages/faults";

export const TABLES = ["holding", "input", "coil", "discrete"] as const;
export const TYPES = ["bool", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64", "string"] as const;

/** One line of a register map. */
export const registerShape = z.strictObject({
  name: z.string().trim().min(1).max(200),
  table: z.enum(TABLES).default("holding"),
  /** Counted from 0, as it stands on the wire; the 40001 of a manual is address 0 of the table `holding`. */
  address: z.int().min(0).max(65_535),
  type: z.enum(TYPES).default("uint16"),
  /** Of a holding or input register, 0 = lowest; only with type bool. */
  bit: z.int().min(0).max(15).optional(),
  /** Registers of a text. */
  length: z.int().min(1).max(125).optional(),
  unit: z.string().max(50).optional(),
  scale: z
    .number()
    .refine((scale) => scale !== 0 && Number.isFinite(scale), fault(message("connectors.faultScaleZero")))
    .optional(),
  unitId: z.int().min(0).max(255).optional(),
  wordOrder: z.enum(["big", "little"]).optional(),
  byteOrder: z.enum(["big", "little"]).optional(),
  role: z.string().max(100).optional(),
  deadband: z.number().min(0).optional(),
});

export const modbusSettings = z.strictObject({
  unitId: z.int().min(0).max(255).default(1),
  intervalS: z.number().min(0.02).max(86_400).default(1),
  timeoutMs: z.int().min(50).max(60_000).default(2_000),
  /** Which register of a 32- or 64-bit value comes first: the one with the high half (big) or the low half (little). */
  wordOrder: z.enum(["big", "little"]).default("big"),
  byteOrder: z.enum(["big", "little"]).default("big"),
  /** The device's limits for one read; the standard allows 125 registers and 2,000 bits. */
  maxRegistersPerRead: z.int().min(1).max(125).default(125),
  maxBitsPerRead: z.int().min(1).max(2_000).default(2_000),
  /** Registers between two wanted ones that are read along rather than asked apart. Devices that refuse unknown registers need 0. */
  maxGap: z.int().min(0).max(124).default(8),
  registers: z.array(registerShape).max(50_000).optional(),
});
export type ModbusSettings = z.infer<typeof modbusSettings>;
export type RegisterLine = z.infer<typeof registerShape>;
