import type { HandlersOf } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { parseKeyText } from "@doppelwerk/trust/log";
import { DoppelwerkError } from "@doppelwerk/world";
import type { OutsideKind } from "../transparency/outside-records.ts";
import type { TransparencyLog } from "../transparency/transparency-log.ts";
import { policyTextOf, withoutKey } from "./outside-config.ts";
import type { OutsideAnswer, outsideContract, OutsideSettingsAnswer } from "./outside-contract.ts";
import type { OutsideProof } from "./outside-proof.ts";
import type { OutsideService } from "./outside-service.ts";
import type { Witness } from "./witness.ts";

/** What of the proof by others a server has. */
export type Outside = OutsideService;

export function outsideHandlers(log: TransparencyLog | undefined, outside: Outside | undefined): HandlersOf<typeof outsideContract> {
  const answer = async (): Promise<OutsideAnswer> => {
    if (log === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.transparencyNone"));
    return answerOf(log, outside);
  };
  const known = (): Outside => {
    if (outside === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.transparencyNone"));
    return outside;
  };
  const settings = (): OutsideSettingsAnswer => ({
    settings: withoutKey(known().config) as OutsideSettingsAnswer["settings"],
    hosts: known().hosts,
  });
  return {
    "transparency.outside": answer,
    "transparency.askOutside": async () => {
      await outside?.proof?.run();
      return answer();
    },
    "transparency.outsideSettings": async () => settings(),
    "transparency.changeOutside": async ({ body }: { readonly body: unknown }) => {
      await known().configure(body);
      return settings();
    },
    "transparency.cosignLog": ({ body: { key } }: { readonly body: { readonly key: string } }) => {
      known().cosign(key);
      return answer();
    },
    "transparency.forgetLog": ({ body }: { readonly body: { readonly origin: string; readonly alsoCheckpoint: boolean } }) => {
      known().forget(body.origin, body.alsoCheckpoint);
      return answer();
    },
  } as HandlersOf<typeof outsideContract>;
}

async function answerOf(log: TransparencyLog, outside: Outside | undefined): Promise<OutsideAnswer> {
  const { size, note: head } = await log.checkpoint();
  const { proof, witness } = outside ?? {};
  const { witnesses, timeStamps, anchoring } = proof?.config ?? {};
  const common = async (
    kind: OutsideKind,
    { everyMinutes, everyEntries }: { readonly everyMinutes: number; readonly everyEntries?: number | undefined },
  ) => {
    const { size: stated, ...state } = proof!.stateOf(kind)!;
    const note = proof!.records.newest(kind)?.note;
    // more than there is: the log was set back, which no proof can hide
    const isThere = stated !== undefined && stated <= size;
    const consistency = !isThere || stated === 0 || stated === size ? [] : await log.consistency(stated, size);
    return {
      ...state,
      ...(stated !== undefined && { size: stated }),
      ...(isThere && { consistency: consistency.map((hash) => Buffer.from(hash).toString("base64")) }),
      everyMinutes,
      ...(everyEntries !== undefined && { everyEntries }),
      ...(note !== undefined && { note }),
    };
  };
  return {
    head,
    ...(witnesses && {
      witnesses: {
        ...(await common("cosigned", witnesses)),
        needed: witnesses.needed,
        policy: policyTextOf(proof!.config, parseKeyText(log.keyText)!),
        of: proof!.witnesses.map(({ url, signedAt, ...state }) => ({
          ...state,
          host: new URL(url).host,
          ...(signedAt !== undefined && { signedAt: signedAt * 1_000_000 }),
        })),
      },
    }),
    ...(timeStamps && { timeStamps: { ...(await common("stamped", timeStamps)), ...stampsOf(proof!) } }),
    ...(anchoring && { anchoring: { ...(await common("anchored", anchoring)), ...anchoringOf(proof!) } }),
    ...(witness && { asWitness: { key: witness.keyText, logs: logsOf(witness) } }),
  };
}

function stampsOf({ config, records }: OutsideProof) {
  const { url, roots, policy } = config.timeStamps!;
  const token = records.newest("stamped")?.token;
  return { host: new URL(url).host, roots, ...(policy !== undefined && { policy }), ...(token !== undefined && { token }) };
}

function anchoringOf({ config, records, isAnchorPending }: OutsideProof) {
  const { url, chain, contract, confirmations, independent } = config.anchoring!;
  const { transaction, block, blockHash, proof, agreed, time, by } = records.newest("anchored")?.anchor ?? {};
  return {
    host: new URL(url).host,
    chain: String(chain),
    ...(contract !== undefined && { contract }),
    isPending: isAnchorPending,
    confirmations,
    ...(transaction !== undefined && { transaction }),
    ...(block !== undefined && { block }),
    ...(proof !== undefined && { blockHash: blockHash! }),
    ...(independent !== undefined && { needed: independent.needed }),
    ...(agreed !== undefined && { agreed }),
    ...(time !== undefined && { time: time * 1_000_000 }),
    ...(by !== undefined && { by }),
  };
}

function logsOf(witness: Witness): readonly { readonly origin: string; readonly size?: number; readonly at?: number }[] {
  return witness.list().map(({ origin, size, at }) => ({
    origin,
    ...(size !== undefined && { size }),
    ...(at !== undefined && { at: at * 1_000_000 }),
  }));
}
