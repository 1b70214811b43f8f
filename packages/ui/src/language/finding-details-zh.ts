/**
 * What a finding says of the very place, in Chinese: its English sentence with {{1}}, {{2}} for the values, and what stands in Chinese below what the
 * constraint asks (findings-zh.ts). Empty = that says it all. A sentence that is not here is shown in English.
 */
const sentences: readonly (readonly [english: string, chinese: string])[] = [
  // form
  ["{{1}} is not of the form that the standard asks for ({{2}}).", "{{1}} 不符合规定格式（{{2}}）。"],
  ["{{1}} is not a value of {{2}}.", "{{1}} 不是 {{2}} 的值。"],
  ["{{1}} is not one of {{2}}.", "{{1}} 不在允许值之列：{{2}}。"],
  ["The text must not be empty.", ""],
  ["The text has {{1}} characters; at most {{2}} are allowed.", "文本有 {{1}} 个字符，最多允许 {{2}} 个。"],
  ["The text has characters that XML 1.0 cannot hold.", "文本含有 XML 1.0 无法容纳的字符。"],
  ["The value is not base64 (RFC 4648 clause 4, padded).", "值不是带填充的 base64（RFC 4648 第 4 节）。"],
  ["An empty array is not allowed: left out.", "空列表，已去掉。"],
  ["An empty attribute says nothing: left out.", "空属性，已去掉。"],
  ["Expected an object of class {{1}}, but found {{2}}.", "应为 {{1}} 类的对象，实际为 {{2}}。"],
  ["Expected a {{1}}, but found {{2}}: left out.", "应为 {{1}}，实际为 {{2}}，已去掉。"],
  ["Expected a {{1}}, but the value {{2}}: left out.", "应为 {{1}}，但该值 {{2}}，已去掉。"],
  ["Expected {{1}}, but found {{2}}: left out.", "应为 {{1}}，实际为 {{2}}，已去掉。"],
  ["{{1}} has no attribute {{2}}.", "{{1}} 没有属性 {{2}}。"],
  ["{{1}} must have {{2}}: left out.", "{{1}} 必须有 {{2}}，已去掉。"],
  ["{{1}} must have {{2}}.", "{{1}} 必须有 {{2}}。"],
  ["Nested more than {{1}} levels deep: left out.", "嵌套超过 {{1}} 层，已去掉。"],
  ["More than {{1}} findings: the rest is not told.", "问题超过 {{1}} 个，其余不再列出。"],
  // constraints
  ["A supplemental semantic id needs a semantic id beside it.", ""],
  ["A revision needs a version.", ""],
  ["The external subject id must be an external reference.", ""],
  ["Asset information needs a global asset id or at least one specific asset id.", ""],
  ["A self-managed entity needs a global asset id or a specific asset id.", ""],
  ["There is another qualifier of type {{1}}.", "已有类型为 {{1}} 的限定符。"],
  ["There is another extension named {{1}}.", "已有名为 {{1}} 的扩展。"],
  ["A template qualifier is only allowed on a submodel of kind Template.", ""],
  ["A template qualifier is only allowed inside a submodel of kind Template.", ""],
  ["An element outside of a list must have an idShort.", ""],
  ["There is another element with idShort {{1}}.", "同级已有 idShort 为 {{1}} 的元素。"],
  ["A variable of an operation must have an idShort.", ""],
  ["There is another variable with idShort {{1}}.", "已有 idShort 为 {{1}} 的变量。"],
  ["A list of {{1}} must say the value type of its elements.", "元素为 {{1}} 的列表须声明其值类型。"],
  ["The list is declared to hold {{1}}, but this is a {{2}}.", "列表声明的元素为 {{1}}，此元素却是 {{2}}。"],
  ["The list is declared to hold values of {{1}}, but this one is {{2}}.", "列表声明的值类型为 {{1}}，此元素却是 {{2}}。"],
  ["The semantic id is not the one that the list declares for its elements.", ""],
  ["The semantic id is not that of the other elements of the list.", ""],
  ["The first key of a reference must not be a {{1}}.", "第一个键不能是 {{1}}。"],
  ["The first key of an external reference must be a GlobalReference.", ""],
  ["The last key of an external reference must be a GlobalReference or a FragmentReference.", ""],
  ["An external reference must not have a key of type {{1}}.", "外部引用不能有 {{1}} 类型的键。"],
  ["The first key of a model reference must be a shell, a submodel or a concept description.", ""],
  ["A later key of a model reference must not be a {{1}}.", "后面的键不能是 {{1}}。"],
  ["A FragmentReference must be the last key.", ""],
  ["A FragmentReference must follow a File or a Blob.", ""],
  ["The key after a SubmodelElementList must be the index of an element.", ""],
  [
    "The id {{1}} is that of {{2}} already, with the same content: an import keeps that one.",
    "标识 {{1}} 已用于 {{2}}，内容相同：导入时保留后者。",
  ],
  [
    "The id {{1}} is that of {{2}} already, with other content: an import keeps that one and leaves this one out.",
    "标识 {{1}} 已用于 {{2}}，内容不同：导入时保留后者，不导入此处。",
  ],
  ["The id {{1}} is that of {{2}} already.", "标识 {{1}} 已用于 {{2}}。"],
  ["The value is {{1}}, but the concept that valueId names has the value {{2}}.", "值为 {{1}}，而 valueId 所指概念的值为 {{2}}。"],
  ["The concept that a value list names must have a value.", ""],
  ["The preferred name must be given at least in English.", ""],
  ["The definition must be given at least in English.", ""],
  ["The data type {{1}} needs a unit or a unit id.", "数据类型 {{1}} 需要单位或单位标识。"],
  ["Value and value list must not both be given.", ""],
  ["A qualifier type needs a data type.", ""],
  ["The data type {{1}} does not go with the category {{2}}.", "数据类型 {{1}} 与类别 {{2}} 不符。"],
  ["The content is of IEC 61360, but dataSpecification does not refer to its template.", ""],
  // against a template
  ["{{1}} is there {{2}}, and must be at least {{3}}.", "{{1}} 有 {{2}}，至少应有 {{3}}。"],
  ["{{1}} is there {{2}}, and may be at most {{3}}.", "{{1}} 有 {{2}}，最多可有 {{3}}。"],
  ["Exactly one of the group {{1}} must be there, not none.", "组 {{1}} 中须恰有一个，实际一个也没有。"],
  ["Exactly one of the group {{1}} must be there, not {{2}}.", "组 {{1}} 中须恰有一个，实际有：{{2}}。"],
  ["It is a {{1}}, in the template a {{2}}.", "此处为 {{1}}，模板中为 {{2}}。"],
  ["It means {{1}}, in the template {{2}}.", "此处含义为 {{1}}，模板中为 {{2}}。"],
  ["Its value is a {{1}}, in the template a {{2}}.", "此处值类型为 {{1}}，模板中为 {{2}}。"],
  ["Its name is not of the form {{1}}.", "名称不符合格式 {{1}}。"],
  ["The submodel means {{1}}, its template {{2}}.", "子模型含义为 {{1}}，其模板为 {{2}}。"],
  ["The template has no element like this.", "模板中没有这样的元素。"],
  ["A text in {{1}} is missing.", "缺少语言为 {{1}} 的文本。"],
  ["{{1}} is none of the choices: {{2}}.", "{{1}} 不在可选值之列：{{2}}。"],
  ["{{1}} is not of the form {{2}}.", "{{1}} 不符合格式 {{2}}。"],
  ["{{1}} is not in {{2}}.", "{{1}} 不在范围 {{2}} 内。"],
  // values
  ['Expected texts by language such as [{"en": "…"}], but found {{1}}.', '应为按语言给出的文本，例如 [{"en": "…"}]，实际为 {{1}}。'],
  ["At least one text is needed.", "至少需要一条文本。"],
  ["The value of a {{1}} has no {{2}}, only {{3}}.", "{{1}} 的值没有 {{2}}，只有 {{3}}。"],
  ["Expected an object with values by idShort, but found {{1}}.", "应为按 idShort 给出值的对象，实际为 {{1}}。"],
  ["There is no element {{1}}.", "没有元素 {{1}}。"],
  // files
  ["The supplementary file {{1}} is missing.", "缺少附带文件 {{1}}。"],
  ["The thumbnail {{1}} is missing.", "缺少缩略图 {{1}}。"],
  ["The environment refers to the file, but no relationship leads to it: taken.", "环境引用了该文件，但没有关系指向它，仍已采用。"],
  ["Only the relationships of another part lead to the file: taken.", "只有其他部件的关系指向该文件，仍已采用。"],
  ["Nothing leads to the part {{1}}: left out.", "没有关系指向部件 {{1}}，已去掉。"],
  ["Nothing leads to {{1}} parts {{2}}: left out.", "没有关系指向 {{1}} 个部件：{{2}}，已去掉。"],
  ["The aasx-origin part is missing: its relationships are read all the same.", "缺少 aasx-origin 部件，其关系仍已读取。"],
  ["An aas-spec relationship leads to the aasx-origin itself: left out.", "aas-spec 关系指向 aasx-origin 自身，已去掉。"],
  [
    "No aasx-origin leads to the specification: the relationships of another part do.",
    "指向规格部件的不是 aasx-origin，而是其他部件的关系。",
  ],
  ["The specification part is missing.", "缺少规格部件。"],
  ["The package does not say the content types of its parts.", "软件包没有说明其部件的内容类型。"],
  ["An AASX package holds an Environment, but {{1}} is expected.", "AASX 软件包中是环境（Environment），此处应为 {{1}}。"],
  ["This is neither a zip file nor UTF-8 or UTF-16 text.", "这既不是 zip 文件，也不是 UTF-8 或 UTF-16 文本。"],
  ["The text is not UTF-8: read as {{1}}.", "文本不是 UTF-8，按 {{1}} 读取。"],
  ["The part is not text.", "该部件不是文本。"],
  ["The package is refused: {{1}}.", "软件包被拒绝：{{1}}。"],
  ["The package is no readable zip file: {{1}}.", "软件包不是可读的 zip 文件：{{1}}。"],
  ["The entry's name leads out of the package: left out.", "条目名称指向软件包之外，已去掉。"],
  ["Nothing in this JSON belongs to an Asset Administration Shell: {{1}}.", "此 JSON 中没有资产管理壳的内容：{{1}}。"],
  ["This is no instance of a class of the Asset Administration Shell metamodel.", "这不是资产管理壳元模型中任何类的实例。"],
  ["Without a modelType this is no instance of a class of the metamodel.", "没有 modelType，无法确定它是元模型中哪个类的实例。"],
  ["No class of the Asset Administration Shell metamodel has an attribute {{1}}.", "资产管理壳元模型中没有任何类具有属性 {{1}}。"],
  ["Nothing in the file tells its class: judged as {{1}}, which its surroundings name.", "文件没有说明其类，按其上下文视为 {{1}}。"],
  ["{{1}}: taken for 3.1.", "{{1}}：视为 3.1。"],
  ["This is a bare {{1}}: an environment has no place for it.", "这是单独的 {{1}}，环境中没有它的位置。"],
  ["<{{1}}> must hold elements only, but has text.", "<{{1}}> 只能包含元素，却含有文本。"],
  ["<{{1}}> must hold text only, but has <{{2}}>.", "<{{1}}> 只能包含文本，却含有 <{{2}}>。"],
  ["<{{1}}> must hold one element, but has {{2}}.", "<{{1}}> 须包含一个元素，实际有 {{2}} 个。"],
  ["<{{1}}> must not come twice: the second is left out ({{2}}).", "<{{1}}> 不得出现两次，第二个已去掉（{{2}}）。"],
  ["{{1}} has no element <{{2}}>{{3}}: left out ({{4}}).", "{{1}} 没有元素 <{{2}}>，已去掉（{{4}}）。"],
  ["{{1}} has no element <{{2}}>: left out ({{3}}).", "{{1}} 没有元素 <{{2}}>，已去掉（{{3}}）。"],
  ["Expected a {{1}} in <{{2}}>, but found <{{3}}>: left out ({{4}}).", "<{{2}}> 中应为 {{1}}，实际为 <{{3}}>，已去掉（{{4}}）。"],
  ["<{{1}}> has XML attributes that the standard does not know, left out: {{2}}.", "<{{1}}> 有标准之外的 XML 属性，已去掉：{{2}}。"],
  ["Not well-formed XML, line {{1}}: {{2}}", "XML 格式有误，第 {{1}} 行：{{2}}"],
  ["Not well-formed XML: there must be one root element.", "XML 格式有误：须有且仅有一个根元素。"],
  ["Not well-formed XML: {{1}}", "XML 格式有误：{{1}}"],
  // earlier releases
  ["This is a file of metamodel release {{1}}: upgraded to 3.1.", "这是元模型 {{1}} 版的文件，已升级到 3.1。"],
  ["The value type {{1}} became {{2}}.", "值类型 {{1}} 已改为 {{2}}。"],
  ["{{1}} became {{2}}; its idType is no longer part of the metamodel.", "{{1}} 已改为 {{2}}；元模型中已没有其 idType。"],
  ["A shell's reference to an asset became its asset information.", "资产管理壳对资产的引用已改为资产信息。"],
  ["A key's {{1}} is no longer part of the metamodel: left out.", "元模型中已没有键的 {{1}}，已去掉。"],
  ["A reference without a type: it follows from its first key.", "引用没有类型，由其第一个键得出。"],
  ["A reference without keys says nothing: left out.", "没有键的引用，已去掉。"],
  ["The kind of a submodel element is no longer part of the metamodel: left out.", "元模型中已没有子模型元素的 kind，已去掉。"],
  ["{{1}} = {{2}} is no longer part of the metamodel: left out.", "元模型中已没有 {{1}} = {{2}}，已去掉。"],
  ["{{1}}: empty, left out.", "{{1}} 为空，已去掉。"],
  ["A language string without a text says nothing: left out.", "没有文本的语言字符串，已去掉。"],
  [
    "Assets have no idShort of their own any more: kept as the extension {{1}} of the shell.",
    "资产不再有自己的 idShort，保留为壳的扩展 {{1}}。",
  ],
  ["An element without a value type: xs:string.", "元素没有值类型，设为 xs:string。"],
  ["The preferred name was missing: the short name, or the name of the concept, stands in.", "缺少首选名称，以简称或概念名称代替。"],
  ["A data specification that named no template was taken for IEC 61360.", "数据规格没有指明模板，视为 IEC 61360。"],
  ["{{1}}: the missing modelType was added.", "{{1}}：已补上缺少的 modelType。"],
  ["{{1}}: {{2}} became {{3}}.", "{{1}}：{{2}} 已改为 {{3}}。"],
];

const TIMES = / \((\d+) times, first here\)$/;
const OFTEN: Readonly<Record<string, string>> = { "not at all": "0 个", once: "1 个", twice: "2 个" };

const patterns = sentences.map(([english, chinese]) => ({ pattern: patternOf(english), chinese }));

/** A sentence as a pattern of its values. */
function patternOf(english: string): RegExp {
  const parts = english.split(/\{\{\d\}\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("(.+?)")}$`, "s");
}

/** What a finding says of its place in Chinese, empty where that is nothing beside what the constraint asks; undefined where it has no words for it. */
export function findingDetailZh(message: string): string | undefined {
  const often = TIMES.exec(message)?.[1];
  const plain = message.replace(TIMES, "");
  for (const { pattern, chinese } of patterns) {
    const values = pattern.exec(plain);
    if (values === null) continue;
    const said = chinese.replace(/\{\{(\d)\}\}/g, (_, number: string) => inChinese(values[Number(number)]!));
    return often === undefined ? said : `${said}（共 ${often} 处，此为第一处）`;
  }
  return undefined;
}

/** How often, as the template check says it. */
function inChinese(value: string): string {
  return OFTEN[value] ?? value.replace(/^(\d+) times$/, "$1 个");
}
