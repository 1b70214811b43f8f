import { ANCHORED_TOPIC } from "@doppelwerk/trust/chain";
import { assemble } from "./evm-assembly.ts";

/** What can be asked of the contract, as tools of Ethereum read it. */
export const ANCHOR_ABI = [
  {
    type: "function",
    name: "anchor",
    stateMutability: "nonpayable",
    inputs: [
      { name: "root", type: "bytes32" },
      { name: "size", type: "uint64" },
    ],
    outputs: [],
  },
  {
    type: "function",
    name: "anchored",
    stateMutability: "view",
    inputs: [{ name: "root", type: "bytes32" }],
    outputs: [
      { name: "time", type: "uint64" },
      { name: "size", type: "uint64" },
      { name: "by", type: "address" },
    ],
  },
  {
    type: "event",
    name: "Anchored",
    anonymous: false,
    inputs: [
      { name: "root", type: "bytes32", indexed: true },
      { name: "by", type: "address", indexed: true },
      { name: "size", type: "uint64", indexed: false },
    ],
  },
] as const;

/** First four bytes of the Keccak-256 of each signature. */
export const SELECTORS = { anchor: "db2c4aca", anchored: "dd649146" } as const;

/**
 * The contract. A root has one slot of the storage, at the root itself: 160 bits who, 56 bits size, 40 bits time of the block. A slot is written once, when it is
 * empty; there is no other SSTORE, no owner, no way to destroy it, and it takes no money. The stack is shown with its top at the right.
 */
export const ANCHOR_SOURCE = `
  CALLVALUE            ; value
  PUSH @refuse         ; value refuse
  JUMPI                ; (empty) whoever sends money is refused
  PUSH 0x00            ; 0
  CALLDATALOAD         ; the first 32 bytes of the call
  PUSH 0xe0            ; call 224
  SHR                  ; selector, its first four bytes
  DUP1                 ; selector selector
  PUSH 0x${SELECTORS.anchor}      ; selector selector anchor(bytes32,uint64)
  EQ                   ; selector is-anchor
  PUSH @anchor         ; selector is-anchor place
  JUMPI                ; selector
  PUSH 0x${SELECTORS.anchored}      ; selector anchored(bytes32)
  EQ                   ; is-anchored
  PUSH @anchored       ; is-anchored place
  JUMPI                ; (empty) any other call is refused
refuse:
  PUSH 0x00            ; 0
  DUP1                 ; 0 0
  REVERT               ; nothing is changed
anchor:                ; selector
  POP                  ; (empty)
  PUSH 0x44            ; 68 = 4 + 32 + 32
  CALLDATASIZE         ; 68 length
  EQ                   ; is-right
  ISZERO               ; is-wrong
  PUSH @refuse         ; is-wrong place
  JUMPI                ; (empty)
  PUSH 0x04            ; 4
  CALLDATALOAD         ; root
  DUP1                 ; root root
  SLOAD                ; root stored
  PUSH @refuse         ; root stored place
  JUMPI                ; root: it was never written
  PUSH 0x24            ; root 36
  CALLDATALOAD         ; root size
  DUP1                 ; root size size
  PUSH 0x38            ; root size size 56
  SHR                  ; root size what-is-above
  PUSH @refuse         ; root size what-is-above place
  JUMPI                ; root size: it has 56 bits at most
  DUP1                 ; root size size
  PUSH 0x28            ; root size size 40
  SHL                  ; root size size<<40
  TIMESTAMP            ; root size size<<40 time
  OR                   ; root size size-and-time
  CALLER               ; root size size-and-time by
  PUSH 0x60            ; root size size-and-time by 96
  SHL                  ; root size size-and-time by<<96
  OR                   ; root size slot
  DUP3                 ; root size slot root
  SSTORE               ; root size: storage[root] = slot
  PUSH 0x00            ; root size 0
  MSTORE               ; root: memory[0..32] = size
  CALLER               ; root by
  SWAP1                ; by root
  PUSH ${ANCHORED_TOPIC} ; by root Anchored(bytes32,address,uint64)
  PUSH 0x20            ; by root topic 32
  PUSH 0x00            ; by root topic 32 0
  LOG3                 ; (empty) the event, with the size as its data
  STOP
anchored:              ; (empty)
  PUSH 0x24            ; 36 = 4 + 32
  CALLDATASIZE         ; 36 length
  EQ                   ; is-right
  ISZERO               ; is-wrong
  PUSH @refuse         ; is-wrong place
  JUMPI                ; (empty)
  PUSH 0x04            ; 4
  CALLDATALOAD         ; root
  SLOAD                ; slot, 0 where the root is not there
  DUP1                 ; slot slot
  PUSH 0xffffffffff    ; slot slot 40 bits
  AND                  ; slot time
  PUSH 0x00            ; slot time 0
  MSTORE               ; slot: memory[0..32] = time
  DUP1                 ; slot slot
  PUSH 0x28            ; slot slot 40
  SHR                  ; slot by-and-size
  PUSH 0xffffffffffffff ; slot by-and-size 56 bits
  AND                  ; slot size
  PUSH 0x20            ; slot size 32
  MSTORE               ; slot: memory[32..64] = size
  PUSH 0x60            ; slot 96
  SHR                  ; by
  PUSH 0x40            ; by 64
  MSTORE               ; (empty) memory[64..96] = by
  PUSH 0x60            ; 96
  PUSH 0x00            ; 96 0
  RETURN               ; time, size, by
`;

/** What lies at the address of the contract, hex. */
export const ANCHOR_CODE = assemble(ANCHOR_SOURCE).code;

/** What a transaction that makes the contract has: it returns the code that follows it. Hex. */
export function anchorInitCode(): string {
  const bytes = (length: number): string => Buffer.from([length]).toString("hex");
  const source = (begins: number): string => `
    PUSH 0x${bytes(ANCHOR_CODE.length / 2)} ; length
    DUP1             ; length length
    PUSH 0x${bytes(begins)}        ; length length where the code begins
    PUSH 0x00        ; length length begin 0
    CODECOPY         ; length: memory[0..length] = code
    PUSH 0x00        ; length 0
    RETURN           ; the code
  `;
  return assemble(source(assemble(source(0)).code.length / 2)).code + ANCHOR_CODE;
}

const word = (value: bigint): string => value.toString(16).padStart(64, "0");

/** Data of a call, hex with 0x. */
export function anchorCall(root: Uint8Array, size: number): string {
  return `0x${SELECTORS.anchor}${Buffer.from(root).toString("hex")}${word(BigInt(size))}`;
}

export function anchoredCall(root: Uint8Array): string {
  return `0x${SELECTORS.anchored}${Buffer.from(root).toString("hex")}`;
}

/** What `anchored` answered; undefined where the root is not there. Errors: for another answer. */
export function anchoredAnswer(text: string): { readonly time: number; readonly size: number; readonly by: string } | undefined {
  if (!/^0x[0-9a-f]{192}$/i.test(text)) throw new Error("it is no answer of the contract");
  const [time, size, by] = [0, 1, 2].map((at) => text.slice(2 + 64 * at, 66 + 64 * at)) as [string, string, string];
  if (BigInt(`0x${time}`) === 0n) return undefined;
  return { time: Number(BigInt(`0x${time}`)), size: Number(BigInt(`0x${size}`)), by: `0x${by.slice(24).toLowerCase()}` };
}
