import type { LossPiece } from "@doppelwerk/operations";
import type { CodedStop } from "./coded-stops.ts";

/**
 * Pieces with the reasons that people gave: to the stop of the constraint itself, else to the stop of the station that it waited for. A piece that a reason
 * covers in part is cut.
 */
export function reasonedPieces(
  pieces: readonly LossPiece[],
  constraint: string,
  stopsOf: (station: string) => readonly CodedStop[],
): readonly LossPiece[] {
  return pieces.flatMap((piece) =>
    withReasons(piece, stopsOf(constraint)).flatMap((own) =>
      own.reason !== undefined || own.station === undefined ? [own] : withReasons(own, stopsOf(own.station)),
    ),
  );
}

function withReasons(piece: LossPiece, stops: readonly CodedStop[]): readonly LossPiece[] {
  const cut: LossPiece[] = [];
  let at = piece.from;
  for (const { from, to, reason } of stops) {
    if (reason === undefined || to <= at || from >= piece.to) continue;
    if (from > at) cut.push({ ...piece, from: at, to: from });
    const end = Math.min(to, piece.to);
    cut.push({ ...piece, from: Math.max(from, at), to: end, reason });
    at = end;
  }
  if (at < piece.to) cut.push({ ...piece, from: at });
  return cut;
}
