/** Opcodes that the contract has, by name (Ethereum yellow paper, appendix H). */
const OPCODES: Readonly<Record<string, number>> = {
  STOP: 0x00,
  EQ: 0x14,
  ISZERO: 0x15,
  AND: 0x16,
  OR: 0x17,
  SHL: 0x1b,
  SHR: 0x1c,
  CALLER: 0x33,
  CALLVALUE: 0x34,
  CALLDATALOAD: 0x35,
  CALLDATASIZE: 0x36,
  CODECOPY: 0x39,
  TIMESTAMP: 0x42,
  POP: 0x50,
  MSTORE: 0x52,
  SLOAD: 0x54,
  SSTORE: 0x55,
  JUMPI: 0x57,
  JUMPDEST: 0x5b,
  DUP1: 0x80,
  DUP3: 0x82,
  SWAP1: 0x90,
  LOG3: 0xa3,
  RETURN: 0xf3,
  REVERT: 0xfd,
};
const PUSH1 = 0x60;

interface Instruction {
  readonly name: string;
  /** What is pushed; a label is one byte that is filled in. */
  readonly operand?: readonly number[] | { readonly label: string };
  readonly comment: string;
}

export interface ListedInstruction {
  readonly at: number;
  readonly bytes: string;
  readonly text: string;
  readonly comment: string;
}

/**
 * Code of a source in the notation of this file: an instruction a line, `;` before a comment, `label:` on a line of its own for a JUMPDEST, `PUSH 0x…` for bytes
 * as they are written and `PUSH @label` for a place. Errors: for a line that is none of these.
 */
export function assemble(source: string): { readonly code: string; readonly listing: readonly ListedInstruction[] } {
  const instructions: Instruction[] = [];
  const labels = new Map<string, number>();
  let at = 0;
  for (const line of source.split("\n")) {
    const [text = "", ...comment] = line.split(";");
    const words = text.trim().split(/\s+/);
    if (words[0] === "") continue;
    if (words[0]!.endsWith(":")) labels.set(words[0]!.slice(0, -1), at);
    const instruction = { ...instructionOf(words), comment: comment.join(";").trim() };
    instructions.push(instruction);
    at += 1 + lengthOf(instruction);
  }
  if (at > 256) throw new Error(`a place is one byte, and the code has ${at}`);
  const listing: ListedInstruction[] = [];
  let place = 0;
  for (const { name, operand, comment } of instructions) {
    const bytes = operand === undefined ? [] : "label" in operand ? [placeOf(labels, operand.label)] : operand;
    const opcode = bytes.length > 0 ? PUSH1 + bytes.length - 1 : OPCODES[name]!;
    const shown = bytes.length > 0 ? `PUSH${bytes.length} 0x${hexOf(bytes)}` : name;
    listing.push({ at: place, bytes: hexOf([opcode, ...bytes]), text: shown, comment });
    place += 1 + bytes.length;
  }
  return { code: listing.map(({ bytes }) => bytes).join(""), listing };
}

function instructionOf([name = "", operand]: readonly string[]): Omit<Instruction, "comment"> {
  if (name.endsWith(":")) return { name: "JUMPDEST" };
  if (name !== "PUSH") {
    if (OPCODES[name] === undefined || operand !== undefined) throw new Error(`no instruction: ${name} ${operand ?? ""}`);
    return { name };
  }
  if (operand?.startsWith("@")) return { name, operand: { label: operand.slice(1) } };
  const digits = /^0x((?:[0-9a-f]{2}){1,32})$/.exec(operand ?? "")?.[1];
  if (digits === undefined) throw new Error(`no bytes to push: ${operand ?? ""}`);
  return { name, operand: [...Buffer.from(digits, "hex")] };
}

const lengthOf = ({ operand }: Instruction): number => (operand === undefined ? 0 : "label" in operand ? 1 : operand.length);

function placeOf(labels: ReadonlyMap<string, number>, label: string): number {
  const place = labels.get(label);
  if (place === undefined) throw new Error(`no label: ${label}`);
  return place;
}

const hexOf = (bytes: readonly number[]): string => Buffer.from(bytes).toString("hex");
