// Generated from packages/server/words/en/proof.json by `npm run messages`: do not edit.
export {};

declare module "../index.ts" {
  interface MessageCatalogue {
    "proof.anchorNoContract": Readonly<Record<never, never>>;
    "proof.anchorNoFees": Readonly<Record<never, never>>;
    "proof.anchorNoJson": { readonly status: MessageParam };
    "proof.anchorNodeWrong": { readonly host: MessageParam; readonly reason: MessageParam };
    "proof.anchorNodesDisagree": { readonly count: MessageParam; readonly of: MessageParam; readonly needed: MessageParam; readonly others: MessageParam };
    "proof.anchorNotConfigured": Readonly<Record<never, never>>;
    "proof.anchorNotDeployed": { readonly transaction: MessageParam };
    "proof.anchorNotProven": { readonly host: MessageParam; readonly transaction: MessageParam };
    "proof.anchorOtherChain": { readonly host: MessageParam; readonly chain: MessageParam; readonly expected: MessageParam };
    "proof.anchorOtherContract": { readonly contract: MessageParam };
    "proof.anchorOtherSize": { readonly found: MessageParam; readonly size: MessageParam };
    "proof.anchorPendingUnreadable": { readonly reason: MessageParam; readonly path: MessageParam };
    "proof.anchorRefused": { readonly transaction: MessageParam };
    "proof.anchorReplaced": { readonly transaction: MessageParam };
    "proof.anchorTooDear": { readonly gwei: MessageParam; readonly max: MessageParam };
    "proof.attentionAnchored": { readonly reason: MessageParam };
    "proof.attentionCosigned": { readonly reason: MessageParam };
    "proof.attentionStamped": { readonly reason: MessageParam };
    "proof.outsideAnchorWaits": Readonly<Record<never, never>>;
    "proof.outsideBody": Readonly<Record<never, never>>;
    "proof.outsideElsewhere": { readonly url: MessageParam };
    "proof.outsideHostNotListed": { readonly host: MessageParam };
    "proof.outsideNewer": { readonly path: MessageParam };
    "proof.outsideNoRoots": Readonly<Record<never, never>>;
    "proof.outsideNoWitnessKey": { readonly key: MessageParam };
    "proof.outsideNodeTwice": Readonly<Record<never, never>>;
    "proof.outsideNotReached": { readonly host: MessageParam; readonly reason: MessageParam };
    "proof.outsideNotRead": { readonly path: MessageParam };
    "proof.outsideRecordUnreadable": { readonly line: MessageParam; readonly path: MessageParam };
    "proof.outsideTooManyNeeded": { readonly needed: MessageParam; readonly count: MessageParam };
    "proof.outsideTooManyNodes": { readonly needed: MessageParam; readonly count: MessageParam };
    "proof.outsideWitnessTwice": Readonly<Record<never, never>>;
    "proof.policyNotRead": { readonly line: MessageParam; readonly why: MessageParam; readonly file: MessageParam };
    "proof.stampRefused": { readonly host: MessageParam; readonly reason: MessageParam };
    "proof.stampStatus": { readonly host: MessageParam; readonly status: MessageParam };
    "proof.stampWrong": { readonly host: MessageParam; readonly reason: MessageParam };
    "proof.witnessDoesNotKnow": { readonly witness: MessageParam; readonly origin: MessageParam; readonly status: MessageParam };
    "proof.witnessKnowsMore": { readonly witness: MessageParam; readonly size: MessageParam; readonly own: MessageParam };
    "proof.witnessNameTaken": { readonly origin: MessageParam };
    "proof.witnessNewer": { readonly path: MessageParam };
    "proof.witnessNoLog": { readonly origin: MessageParam };
    "proof.witnessNoLogKey": { readonly key: MessageParam };
    "proof.witnessNoSignature": Readonly<Record<never, never>>;
    "proof.witnessNoSize": Readonly<Record<never, never>>;
    "proof.witnessNone": Readonly<Record<never, never>>;
    "proof.witnessOtherTime": { readonly seconds: MessageParam };
    "proof.witnessSeesFork": { readonly witness: MessageParam };
    "proof.witnessServerRuns": { readonly data: MessageParam };
    "proof.witnessStatus": { readonly status: MessageParam };
    "proof.witnessTooFew": { readonly count: MessageParam; readonly of: MessageParam; readonly needed: MessageParam };
    "proof.witnessTooManyLogs": { readonly max: MessageParam };
    "proof.witnessUnreadable": { readonly reason: MessageParam; readonly path: MessageParam };
    "proof.witnessWrong": { readonly witness: MessageParam; readonly reason: MessageParam };
    "proof.witnessedUnreadable": { readonly reason: MessageParam; readonly path: MessageParam };
  }
}
