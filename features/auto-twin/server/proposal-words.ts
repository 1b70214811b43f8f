import type { Proposal } from "@doppelwerk/operations";

/** What a proposal writes into its branch and its request: people read it there, so it stands in the language of the one who asked. */
export interface ProposalWords {
  readonly branch: string;
  readonly title: string;
  readonly action: string;
  readonly text: string;
}

export type WordsLanguage = "en" | "zh";

/** `conflicts` counts things people changed that stay as they are; `id` is where the evidence is kept. */
export function proposalWords(
  language: WordsLanguage,
  name: string,
  { counts, questions, unknowns }: Pick<Proposal, "counts" | "questions" | "unknowns">,
  conflicts: number,
  id: string,
): ProposalWords {
  const zh = language === "zh";
  const { assets, signals, offered, nameplates, flows, candidates } = counts;
  const unknown = unknowns.filter(({ finding }) => finding === undefined);
  const faults = unknowns.length - unknown.length;
  const counted = (count: number) => (count === 0 ? "" : zh ? `（${count}）` : ` (${count})`);
  const lines = [
    zh
      ? `${assets} 个资产，${offered} 个变量中的 ${signals} 个，${nameplates} 个铭牌，${flows} 段流程，${candidates} 个报警候选。`
      : `${assets} assets, ${signals} of ${offered} variables, ${nameplates} nameplates, ${flows} steps of flow, ${candidates} alarm candidates.`,
    ...(conflicts === 0
      ? []
      : [zh ? `人员修改过的 ${conflicts} 处保持不变。` : `${conflicts} things that people changed were kept as they are.`]),
    ...(questions.length === 0 ? [] : ["", zh ? "待答问题：" : "Open questions:", ...questions.map(({ text }) => `- ${text[language]}`)]),
    ...(faults === 0 ? [] : ["", zh ? `文件中有 ${faults} 类问题，见方案。` : `Kinds of faults in the file: ${faults}, see the proposal.`]),
    ...(unknown.length === 0
      ? []
      : ["", zh ? "未知：" : "Unknown:", ...unknown.slice(0, 20).map(({ text, count }) => `- ${text[language]}${counted(count)}`)]),
    "",
    zh ? `每项依据：${id}` : `Evidence for each thing: ${id}`,
  ];
  return {
    branch: (zh ? `方案：${name}` : `Proposal: ${name}`).slice(0, 120),
    title: (zh ? `来自 ${name} 的孪生方案` : `Twin proposed from ${name}`).slice(0, 200),
    action: zh ? "查看方案，编辑，合并" : "look through the proposal, edit, merge",
    text: lines.join("\n").slice(0, 10_000),
  };
}
