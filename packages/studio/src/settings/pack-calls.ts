import { operation } from "@doppelwerk/ui";
import type { Message } from "@doppelwerk/messages";

export interface PackSignature {
  readonly state: "unsigned" | "untrusted" | "trusted";
  readonly key?: string;
  readonly name?: string;
}

export interface ListedPack {
  readonly name: string;
  readonly version?: string;
  readonly from: "added" | "folder";
  readonly permissions: readonly string[];
  readonly features: readonly string[];
  readonly signature?: PackSignature;
  readonly state: "loaded" | "refused";
  readonly reason?: string;
  readonly why?: Message;
}

export interface TrustedKey {
  readonly fingerprint: string;
  readonly name: string;
}

/** What an archive brings and asks for, before anybody agrees. */
export interface PackUpload {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly permissions: readonly string[];
  readonly features: readonly string[];
  readonly views: number;
  readonly files: number;
  readonly signature: PackSignature;
  readonly replaces?: string;
  /** That version is newer. */
  readonly replacesNewer: boolean;
}

export const listPacks = operation<{ readonly packs: readonly ListedPack[] }>("GET /packs");
export const listKeys = operation<{ readonly keys: readonly TrustedKey[] }>("GET /pack-keys");
export const trustKey = operation<TrustedKey>("POST /pack-keys");
export const distrustKey = operation<TrustedKey>("DELETE /pack-keys/:key");
export const uploadPack = operation<PackUpload>("POST /pack-uploads");
export const addUpload = operation<{ readonly name: string; readonly version: string }>("POST /pack-uploads/:id/add");
