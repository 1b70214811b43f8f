export { plainSentences } from "./plain-sentences.ts";
export { toldAs, toldSentence, wordsOf } from "./told-sentence.ts";
