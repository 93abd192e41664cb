/** Given names, one a line: what `rnnlab compare` trains on when no file is given. */
export const compareNames =
  `ada alan albert alice amelia anna arthur audrey barbara beatrice benjamin bernard blaise camille carl
caroline catherine charles charlotte clara claude daniel david dorothy edgar edith edward eleanor elizabeth emily emma emmy
ernest esther eva felix florence frances frederick galileo george gertrude gottfried grace hannah harriet hedy helen henry
hypatia ida irene isaac jacob james jane jean johann johanna john joseph julia karl katherine laura leonhard lise louis
louise lucy ludwig margaret maria marie mary matilda maurice max michael nicolaus niels nora otto paul peter pierre rachel
richard robert rosa rosalind ruth samuel sarah simon sofia sophie stephen susan theodor thomas valentina victoria vera
virginia walter wilhelm william`
    .split(/\s+/)
    .join('\n');
