### プログラムが日本語で言うこと。名前とプレースホルダーは en.ftl と同じで、並びも同じです。

## 列挙と数値

list-between = 、
list-last = { $first }、{ $last }
runs = { $runs } 回の学習
number-of = { $all } 回中 { $count } 回
number-of-with-ties = { $all } 回中 { $count } 回、引き分け { $ties } 回
number-interval = { $low } ～ { $high }
number-with-interval = { $value }（{ $low } ～ { $high }）

## 見出しの文

verdict-no-run = 終わった学習はまだありません。
verdict-unfinished = 未完了です（{ $all } 回の学習のうち { $count } 回）。
verdict-nothing-in-common = 判定できません。設定によって{ $differences }が異なるため、{ $metric } の意味が設定ごとに違い、すべての設定に共通する指標もありません。
verdict-on-part = { $part } では、{ $verdict }
verdict-more-parts = ほかに { $count } 個あります。
verdict-no-run-with = すべての学習が発散または失敗したため、比べられる { $metric } がありません。
verdict-no-value = 比べられる { $metric } がありません。
verdict-undefined =
    { $why ->
        [targets] 評価に使う正解値がすべて同じなので、終わったどの学習でも { $metric } は定義されません。{ $others } でなら比べられます。
       *[samples] 評価に使うサンプルからは求められないので、終わったどの学習でも { $metric } は定義されません。{ $others } でなら比べられます。
    }
verdict-value =
    { $count ->
        [1] { $metric } は { $mean }
       *[other] { $metric } の平均は { $mean }
    }
verdict-beside = （{ $column } は { $value }）
verdict-after = { $epochs } エポック後の{" "}
verdict-after-range = { $least } ～ { $most } エポック後の{" "}
verdict-one =
    { $count ->
        [0] 設定は 1 つ、くり返しは 1 回です。{ $after }{ $metric } は { $mean } です。
        [1] 設定は 1 つ、くり返しは 1 回です。{ $after }{ $metric } は { $mean } です。
       *[other] 設定は 1 つ、くり返しは { $count } 回です。{ $after }{ $metric } の平均は { $mean } です。
    }
verdict-one-with-interval = 設定は 1 つです。{ $after }{ $metric } の平均は { $mean } で、95 % 信頼区間は { $low } ～ { $high } です。
verdict-range = { $low } ～ { $high }
verdict-of-numbers =
    { $extreme ->
        [highest] { $key } の { $count } 個の値（{ $range }）のうち、{ $after }{ $metric } が最も大きいのは { $leader } で、{ $mean } です。
       *[lowest] { $key } の { $count } 個の値（{ $range }）のうち、{ $after }{ $metric } が最も小さいのは { $leader } で、{ $mean } です。
    }
verdict-all-worse = ほかの { $count } 個はすべて明らかに劣ります。
verdict-none-worse = ほかの { $count } 個に、明らかに劣るものはありません。
verdict-some-worse = ほかの { $worse } 個は明らかに劣ります。残りの { $open } 個（{ $range }）はそうではありません。
verdict-none-since-lost = 失われた学習があります。分割をくり返す評価では、その場合は回数だけを示し、判定はしません。
verdict-none-of-one-replicate = くり返しが 1 回では判定できません。replicates を 5 以上にすると判定できます。
verdict-none-since-the-same = どのくり返しでも差が同じなので、偶然かどうかを調べる手がかりがなく、判定できません。
verdict-name-at = { $name }（{ $at }）
verdict-tie =
    { $extreme ->
        [highest] { $after }{ $metric } が最も大きいのは { $name } と { $others } で、どちらも { $mean } です。
       *[lowest] { $after }{ $metric } が最も小さいのは { $name } と { $others } で、どちらも { $mean } です。
    }
verdict-extreme =
    { $extreme ->
        [highest] { $after }{ $metric } が最も大きいのは { $name } で、{ $mean } です。
       *[lowest] { $after }{ $metric } が最も小さいのは { $name } で、{ $mean } です。
    }
verdict-extreme-on-average =
    { $extreme ->
        [highest] { $after }{ $metric } の平均が最も大きいのは { $name } で、{ $mean } です。
       *[lowest] { $after }{ $metric } の平均が最も小さいのは { $name } で、{ $mean } です。
    }
verdict-better = { $name } は { $others } より優れています。{ $after }{ $value } です。
verdict-unclear =
    { $extreme ->
        [highest] { $after }{ $metric } が最も大きいのは { $name } で、{ $mean } ですが、{ $others } との明確な差はありません。
       *[lowest] { $after }{ $metric } が最も小さいのは { $name } で、{ $mean } ですが、{ $others } との明確な差はありません。
    }
verdict-leads = 首位は { $name } です。{ $after }{ $value } です。{ $better } より優れていますが、{ $unclear } との明確な差はありません。
verdict-ties-with-it =
    { $count ->
        [1] { $names } はこれと同じ値です。
       *[other] { $names } は、いずれもこれと同じ値です。
    }
verdict-but =
    { $why ->
        [lost] ただし、{ $pairs } 回のくり返しのうち { $wins } 回では { $name } のほうが優れています。順位が下なのは、失われた学習があるためです。
       *[spoiled] ただし、{ $pairs } 回のくり返しのうち { $wins } 回では { $name } のほうが優れています。少数の悪い学習が平均を悪くしています。
    }
verdict-undecided = { $names } については判定できません。
verdict-at-equal-updates = 同じ更新回数で比べると、{ $names } より劣ります。
verdict-needs-other-samples = （同じサンプルでくり返しを増やしても判定できません）
verdict-needs-too-many = （判定するには { $most } 回を超えるくり返しが必要です）
verdict-needs = （くり返しを約 { $counts } 回にすれば判定できる見込みです）
verdict-more-than = { $most } 超
verdict-all-others = ほかの { $count } 個すべて
verdict-any-other = ほかの { $count } 個
verdict-others = ほかの { $count } 個

## ネットワークを使わない答え

constant-value-of = { $column } は { $value }
constant-not-beaten-on = { $always }のと変わりません。{ $samples } 個のサンプルでの { $column } は、最良のネットワークが { $network }、常にそう答えた場合が { $constant } です。
constant-not-beaten = { $always }のと変わりません。その場合の { $column } は { $constant } です。
constant-has = { $always }と、{ $values }
constant-between = 、
constant-all = { $constants } です。
constant-always = 常に{ $answer }と答える
constant-always-class = 常に「{ $class }」と答える
constant-mean = 平均
constant-median = 中央値
constant-class-shares = クラスの割合
constant-commonest = 各出力で最も多い値
constant-with-value = { $name }（{ $value }）

## 順位について知っておくこと

judged-difference =
    { $key ->
        [training-loss] 損失関数（{ $values }）
        [data-scale_targets] 正解値のスケーリング（{ $values }）
       *[training-class_weights] クラスの重み（{ $values }）
    }
judged-samples = サンプル { $number }
notes-instead-of = 順位は { $asked } ではなく { $metric } で付けています。設定によって{ $differences }が異なり、損失の値の意味が設定ごとに違うためです。
notes-losses = 設定によって{ $differences }が異なるため、損失の値では順位を付けていません。
notes-parts =
    { $part ->
        [train] 設定によって評価に使う訓練データが異なります。{ $parts } の設定どうしを比べた順位は付けていません。
        [valid] 設定によって評価に使う検証データが異なります。{ $parts } の設定どうしを比べた順位は付けていません。
       *[samples] 設定によって評価に使うサンプルが異なります。{ $parts } の設定どうしを比べた順位は付けていません。
    }
notes-sureness = 順位は { $metric } で付けています。この値には、ネットワークが答えにどれだけ自信を持っているかも含まれます。{ $beside } で順位を付けるには `runner compare DIR --metric { $beside }` を実行します。
notes-chosen = { $metric } は検証データを使って選んだ値です。全エポックのうち最良の値なので、新しいデータでの値より良く見えます。
notes-kept-epoch = どのネットワークも、早期終了が検証データを使って選んだエポックのものです。
notes-undefined = { $all } 回の学習のうち { $count } 回では { $metric } が定義されないため、除いてあります。
notes-exploded = { $all } 回の学習のうち { $count } 回で損失が爆発しました。値は有限のままですが、訓練損失が学習を始めたときよりはるかに大きくなって終わりました。これらも値のとおりに数えています。
notes-last-epoch = この結果は以前のバージョンで書かれたものです。数値は最後のエポックのもので、早期終了が復元したネットワークのものではありません。
notes-no-record =
    { $basis ->
        [samples] 共通する記録がありません。一方が、他方の最初の記録より前に終わっていて、記録より前のことはわからないためです。平均は最も近い記録のもので、サンプル数はそれぞれ異なります。短いほうを { $epochs } エポックにすれば、共通する記録ができます。
       *[updates] 共通する記録がありません。一方が、他方の最初の記録より前に終わっていて、記録より前のことはわからないためです。平均は最も近い記録のもので、更新回数はそれぞれ異なります。短いほうを { $epochs } エポックにすれば、共通する記録ができます。
    }
notes-equal-samples = どの組でも、両者が使うサンプルの総数は同じです。学習が終わった時点での比較が、同じサンプル数での比較になります。
footing-own-best = どの { $by } も、それぞれに最適な { $others } での値です。同じ { $metric } によって最大 { $tried } 通りから選んだので、実際より少し良く見えます。
footing-folds = どの設定も、{ $folds } 個の分割のそれぞれで { $times } 回ずつ評価しています。分割はくり返しごとに引き直し、{ $varied }。残して図に示すのは、各設定のくり返し 0、分割 0 のネットワークです。
footing-replicates = { $replicates } 回のくり返しの間で、{ $varied }。
footing-resampled = 学習に使うサンプルが互いに重なるため、t 検定と信頼区間には補正したもの（Nadeau and Bengio 2003）を使っています。くり返しをいくら増やしても、区間は広いままです。
footing-lost = { $all } 回の学習のうち { $lost } 回が発散したか、終わりませんでした。その設定に不利なものとして数えています。
footing-stream =
    { $stream ->
        [init] 初期の重み
        [shuffle] サンプルの順序
        [data] データ
       *[split] 分割
    }
footing-nothing-varied = 変えたものはありません
footing-varied = { $varied }を変えました
footing-varied-and-same = { $varied }を変え、{ $same }は変えていません

## 順位

ranked-verdict =
    { $verdict ->
        [best] 最良
        [better] 優れる
        [worse] 劣る
        [tie] 引き分け
       *[unclear] 明確な差なし
    }
ranked-better =
    { $but ->
        [lost] { $replicates } 回中 { $wins } 回で優れるが、失われた学習がある
       *[spoiled] { $replicates } 回中 { $wins } 回で優れるが、平均では劣る
    }
ranked-better-short = 優れる？
ranked-same = 同じ？
ranked-same-never-tells = 同じ？ 回数を増やしても判定できない
ranked-same-could-tell = 同じ？ { $needed } 回で判定できる見込み
ranked-same-needed = 同じ？ { $needed } 回
ranked-undefined = 未定義
ranked-more = … ほかの { $count } 件は summary.csv にあります
ranked-configuration = 設定
ranked-mean = { $metric }（平均）
ranked-mean-with-interval = { $metric }（平均 ± 95 %）
ranked-median = 中央値
ranked-runs = 回数
ranked-diverged = 発散
ranked-diverged-short = 発散
ranked-diverged-and-failed = { $diverged }、失敗 { $failed }
ranked-exploded = 爆発
ranked-exploded-short = 爆発
ranked-curve = 曲線
ranked-against-the-best = 最良との比較
ranked-verdict-heading = 判定
ranked-all-diverged = すべて発散
exchange-rank = 順位
exchange-caption = { $metric }、{ $caption }。{ $note }
exchange-verdict-of-a = A の判定

## ある損失に達するまでに必要なもの

target-reached-by = 達した回数
target-epochs = エポック
target-updates = 更新
target-samples = サンプル
target-seconds = 秒
target-heading = { $metric } が { $value } に達するまで（達したくり返しの中央値）:
target-at-most = ≤ は、履歴がすべてのエポックにはないため、2 つの記録の間で達した可能性があることを表します。
target-first = { $all } 個のうち最初の { $shown } 個です。

## 組ごとの比較

pairs-heading = { $footing }:
pairs-against-best = 最良との比較
pairs-own-best = それぞれの最良どうし
pairs-same-keys = ほかの条件が同じものどうし
pairs-at-equal-updates = { $question }、同じ更新回数で
pairs-at-equal-samples = { $question }、同じサンプル数で
pairs-more = … ほかの { $count } 件は comparison.csv にあります
pairs-wins = A の勝ち
pairs-mean-after = { $at } 後に { $mean }
pairs-relation =
    { $relation ->
        [no-record] 共通する記録なし
        [none] 判定なし
        [better] のほうが優れる
        [worse] のほうが劣る
        [tie] と同じ値
       *[unclear] 明確な差なし
    }
pairs-relation-short =
    { $relation ->
        [no-record] 記録なし
        [none] 判定なし
        [better] 優れる
        [worse] 劣る
        [tie] 同値
       *[unclear] 同じ？
    }

## テスト部分

tested-one-run = 1 回の学習
tested-replicates = { $count } 回のくり返し
tested-folds = { $count } 個の分割
tested-first-look = { $samples } 個のサンプルからなるテスト部分を開きました。これが 1 回目です。これより後に選んだものは、もう未知のサンプルでテストしたことにはなりません。
tested-later-look = { $samples } 個のサンプルからなるテスト部分を開きました。これが { $look }です。1 回目より後に選んだり変えたりしたものは、もう未知のサンプルでテストしたことにはならず、値は実際より良く見えます。
tested-look = { $number } 回目
tested-mean = 平均
tested-over-runs = 95 %（{ $runs }）
tested-over-samples = 95 %（{ $samples } サンプル）
tested-without-a-network = ネットワークなし

## 複数の実験

across-data = [data] が実験によって異なります。差はそのためかもしれません
across-seed = シードが実験によって異なります。くり返しは番号だけで組にしていて、共通するところから始まってはいません

## キーの値

values-bool = true または false
values-integer = { $least } 以上の整数
values-finite = 有限の数
values-finite-in = { $bound }の有限の数
values-between = { $low } { $high }の数
values-at-least = { $bound } 以上
values-above = { $bound } 超
values-at-most = { $bound } 以下
values-below = { $bound } 未満
values-choice = { $words } のいずれか
values-choice-or-table = { $words } のいずれか、またはそれを `{ $key }` に書いたテーブル
values-words-below = 下に挙げる語のいずれか
values-text = 引用符で囲んだ文字列
values-name = ディレクトリーの名前にできる文字列
values-path = 引用符で囲んだパス
values-list = { $items }のリスト
values-list-at-least = { $items }を { $least } 個以上並べたリスト
values-integers = { $least } 以上の整数
values-numbers = 有限の数
values-words = 引用符で囲んだ語
values-texts = 引用符で囲んだ文字列
values-matrices = 行列（行のリスト）
values-lists-of-words = 語のリスト
values-lists-of-numbers = 数のリスト
values-pair = 2 つの数のリスト（それぞれ { $item }）
values-or = 、または
values-table = テーブル
values-tables = テーブルのリスト
values-named = 名前ごとに 1 つの値（{ $kind }）を与えるテーブル
values-variants = 名前の付いた variant のテーブル
values-expect = 期待することを書いたテーブル（best.valid_loss.max = 0.01 など）
values-sweep = テーブル、または [[sweep]] と書いたテーブルのリスト
values-bounds = runs.csv にある数値の列の上限（max）と下限（min）
values-pairs-of-names = 2 つの名前の組のリスト

## キーの説明

explain-goes-with = 対象
explain-values = 値
explain-default = 既定値
explain-required = 必須
explain-none = なし
explain-example = 例
explain-keys = このテーブルのキー
explain-more = 1 つのキーについて詳しく見るには、runner explain KEY を実行します。
reference-introduction =
    # 実験ファイルのすべてのキー

    このページは、ファイルの検査にも使う表からプログラムが書き出したもので、両者が一致することをテストで
    確かめています。`runner explain KEY` は 1 つのキーについて同じ説明を表示し、`runner schema` はエディターのための
    スキーマを出力します。

    ファイルの検査は厳密です。未知のキー、型の誤り、範囲の外の値はエラーになり、その場所が示されます。相対パスは、
    それを書いたファイルの場所を基準にします。`--set KEY=VALUE` で、どのキーの値も置き換えられます。
reference-file = ファイル
reference-sweep = [sweep] と [[sweep]]
reference-columns = | キー | 値 | 既定値 | 意味 |
reference-can-say = `{ $key }` に書ける語:
reference-with = （{ $words } の場合）
reference-about-variants = `[variants.NAME]` は、`[data]`、`[model]`、`[training]` のキーと `seed` を置き換えます。
reference-about-sweep = ブロックのそれ以外のキーには、ファイルのキーと、その値のリストまたは範囲を書きます。
reference-about-ranges =
    範囲には両端の値も含まれ、その間の値は 12 桁に丸めます。mode が random のブロックでは `steps` を省略でき、その場合は
    両端の間の任意の値を選びます。`[[sweep]]` と書いたブロックは順につなげます。2 度現れる点は 1 度だけ学習します。
reference-about-expect =
    結果に期待することを書いておくと、学習の後、`runner compare` と `runner report` で判定します。満たされないときは
    終了コードが 1 になり、どれだけ外れたかを 1 行で示します。`--junit FILE` を付けると、期待の 1 つ 1 つをテストとして
    書き出します。上限と下限は、設定ごとの全学習の平均について判定します。発散した学習があれば満たされません。

## 実験ファイルのキー。英語は src/config/schema.rs と src/guide/entries.rs にあります

key-name = 結果は results/<name> に入ります
key-description = この実験の問い
key-seed = すべての乱数のもとになる、ただ 1 つのシード
key-replicates = 設定ごとの学習の回数。シードだけが異なります
key-vary = くり返しごとに変えるもの
key-extends = 先に読み込む実験ファイル。このファイルの値が優先されます
key-data = 学習に使うデータ
key-model = ネットワーク
key-training = 学習のしかた
key-variants = 一部の値を置き換えて名前を付けたもの。互いに比べる対象になります
key-sweep = 値のリストと範囲。すべての組み合わせを学習します
key-compare = 結果を比べる基準
key-expect = 結果に期待すること。学習の後に判定し、満たされないときの終了コードは 1 です
key-output = 残すもの

key-data-source = サンプルの出どころ
key-data-validation = テスト部分を除いたサンプルのうち、検証データにする割合
key-data-folds = k 分割交差検証。1 回のくり返しの中で、どの分割も 1 度ずつ検証データになります。分割はくり返しごとに引き直します
key-data-test = テスト部分にするサンプルの割合。学習にも順位付けにも使いません。実験のシードから 1 度だけ選び、`runner test` で開きます
key-data-stratify = 検証データ、各分割、テスト部分で、各クラスの割合を同じに保つかどうか
key-data-scale = 特徴量のスケーリング。訓練データだけから求めます
key-data-scale_targets = 数値である正解値のスケーリング（列ごと）。訓練データだけから求めます。損失はスケーリングした正解値について、指標と予測は元の単位で求めます
key-data-derive = 2 つの特徴量 x1 と x2 から計算して加える入力。Playground と同じものです
key-data-samples = 生成するサンプルの数
key-data-noise = Playground のスライダーと同じノイズ。スライダーの 50 が 0.5 に当たります
key-data-path = データのファイル
key-data-features = 入力にする列
key-data-exclude = 使わない列
key-data-target = 正解値の列（複数も可）
key-data-categorical = カテゴリーを表す特徴量の列。カテゴリーごとに 1 つの入力になります
key-data-missing = 欠損したセルの扱い。リストにすると、数値、語、それ以外の順に指定できます（["median", "category", "drop"] など）
key-data-missing_values = 空のセルのほかに、欠損とみなす表記
key-data-delimiter = セルの区切り（";"、"\t" など）
key-data-decimal = 小数点に使う文字
key-data-thousands = 3 桁ごとの区切り（1.234.567 の「.」など）
key-data-encoding = 文字コード。WHATWG の標準にあるラベルで書きます（shift_jis、windows-1252、utf-16le など）
key-data-header = 最初の行が列の名前かどうか
key-data-names = 列の名前（header = false のとき）
key-data-validation_path = 検証データのファイル。列は同じです
key-data-test_path = テスト部分のファイル。列は同じです。`runner test` で開きます
key-data-images = 画像のファイル。1 画素が 1 つの入力（バイト / 255）になります
key-data-labels = ラベルのファイル
key-data-validation_images = 検証データの画像のファイル
key-data-validation_labels = 検証データのラベル
key-data-test_images = テスト部分の画像のファイル。`runner test` で開きます
key-data-test_labels = テスト部分のラベル
key-data-x-npy = 入力（サンプル数 × 特徴量の数）。または x と y を含む .npz ファイル
key-data-y-npy = 正解値（サンプル数、またはサンプル数 × 出力の数）。.npz のときは書きません
key-data-validation_x-npy = 検証データの入力のファイル
key-data-validation_y-npy = 検証データの正解値のファイル
key-data-test_x-npy = テスト部分の入力のファイル。`runner test` で開きます
key-data-test_y-npy = テスト部分の正解値のファイル
key-data-x-inline = サンプルごとに、入力の行または 1 つの数
key-data-y-inline = サンプルごとに、正解値の行または 1 つの数
key-data-validation_x-inline = 検証データの入力の行
key-data-validation_y-inline = 検証データの正解値の行
key-data-test_x-inline = テスト部分の入力の行。`runner test` で開きます
key-data-test_y-inline = テスト部分の正解値の行

key-model-layers = 各層のノードの数。入力層から順に並べます
key-model-activations = 入力層を除く各層の活性化関数
key-model-hidden = すべての隠れ層の活性化関数
key-model-output = 出力層の活性化関数
key-model-dropout = 学習のとき、各隠れ層の出力のうち 0 にする割合。残りは 1 / (1 − 割合) 倍します。隠れ層ごとの値のリストも書けます。検証と予測では何も 0 にしません
key-model-init = 重みの初期値
key-model-init-scheme = 重みの初期値を選ぶ分布。バイアスは 0 です
key-model-init-weights = 層ごとの行列。行はその層のノード、列は前の層のノードに対応します
key-model-init-biases = 層ごとのベクトル。ノードごとに 1 つの数です
key-model-init-file = 学習済みのモデル（.safetensors）。その重みとバイアスから始めます
key-model-init-gain = 分布の幅に掛ける係数
key-model-init-low = 重みの最小値
key-model-init-high = 重みの上限（この値は含みません）
key-model-init-mean = 重みの平均
key-model-init-std = 重みの標準偏差

key-training-loss = 1 つのサンプルの損失。学習では、全サンプルの平均を小さくします
key-training-batch_size = 1 回の更新に使うサンプルの数。1 はオンライン学習、"full" は訓練データ全体（バッチ学習）です
key-training-epochs = 訓練データをくり返し使う回数
key-training-learning_rate = 更新の幅を決める係数
key-training-schedule = エポックごとの学習率の変え方
key-training-optimizer = 更新の規則
key-training-l1 = 罰則。この値を重みの絶対値の和に掛けます
key-training-l2 = 罰則。この値を重みの 2 乗和の半分に掛けます
key-training-clip_norm = すべての勾配を合わせたユークリッドノルムの上限。超えるときは、この長さに縮めます
key-training-clip_value = 勾配の絶対値の上限
key-training-early_stopping = 改善しなくなった学習を打ち切ります
key-training-class_weights = 損失における各クラスのサンプルの重み。すべてのクラスを名前か番号で書きます。バッチの損失は Σ w l / Σ w で、記録する損失も同じです。指標には重みを付けません
key-training-metrics = 損失のほかに測る指標。訓練データと検証データについて、history.csv と runs.csv の列になります
key-training-positive = 2 クラスの precision、recall、f1 が対象とするクラス。名前か番号で書きます
key-training-shuffle = サンプルの順序をエポックごとにシャッフルするかどうか。false ならファイルの順序のままです
key-training-precision = 学習に使う数の形式

key-training-schedule-name = スケジュールの種類
key-training-schedule-step_size = 間隔（エポック数）
key-training-schedule-gamma = 学習率に掛ける係数
key-training-schedule-milestones = 係数を掛けるエポック（昇順）
key-training-schedule-t_max = 最小値に達するまでのエポック数
key-training-schedule-eta_min = 学習率の最小値
key-training-schedule-start_factor = 最初のエポックの係数
key-training-schedule-end_factor = total_iters エポック後の係数
key-training-schedule-total_iters = 係数が変わる期間（エポック数）

key-training-optimizer-name = 規則の種類
key-training-optimizer-momentum = 直前の更新量のうち引き継ぐ割合。0 なら引き継ぎません
key-training-optimizer-nesterov = Nesterov のモーメンタムを使うかどうか
key-training-optimizer-weight_decay-sgd = パラメーターに掛けて、その勾配に加える係数
key-training-optimizer-weight_decay-adamw = 学習率とパラメーターに掛けて、パラメーターから引く係数
key-training-optimizer-eps = 分母の平方根に加える値
key-training-optimizer-alpha = 勾配の 2 乗の移動平均で、これまでの値を残す割合
key-training-optimizer-centered = 勾配を、推定した分散で正規化するかどうか
key-training-optimizer-betas = 勾配と、勾配の 2 乗の移動平均で、これまでの値を残す割合
key-training-optimizer-amsgrad = これまでの移動平均の最大値を使うかどうか
key-training-optimizer-momentum_decay = モーメンタムを変えていく速さ

key-training-early_stopping-patience = 改善がなくても続けるエポック数
key-training-early_stopping-min_delta = 改善とみなす差の下限（この値を超える必要があります）
key-training-early_stopping-metric = 改善を調べる指標。history.csv の列です
key-training-early_stopping-restore_best = 最後に、最良のエポックの重みに戻すかどうか

key-compare-by = `variant`、または sweep で変えたキー
key-compare-metric = runs.csv の列
key-output-history_every = 履歴を記録するエポックの間隔。最後のエポックは必ず残します
key-output-models = 残すモデル

key-expect-best = 最良の設定の、全学習の平均がとってよい値。`best.` は省略できます
key-expect-every = どの設定についても、全学習の平均がとってよい値
key-expect-NAME = 1 つの設定の、全学習の平均がとってよい値。NAME は、variant（mini-batch）、sweep の値（"learning_rate=0.1"）、またはこれらをコンマで並べたものです。当てはまる設定が複数あるときは、その中で最良の設定について判定します
key-expect-better = 優劣の判定。どの組でも、1 つ目が 2 つ目より優れていることを期待します。判定は通常の比較によるもので、明確な差がなければ満たされません
key-sweep-mode = ブロックの中のリストの組み合わせ方
key-sweep-samples = 選ぶ点の数。増やしても、それまでに選んだ点はそのまま残ります
key-sweep-exclude = 除く点。各テーブルに、sweep のキー（または `variant`）と値を書きます。すべてが一致する点を除きます

## キーを書かないとき

default-name = ファイル名（拡張子を除く）
default-data = 下のキーを参照
default-model = 下のキーを参照
default-training = 下のキーを参照
default-compare = 下のキーを参照
default-output = 下のキーを参照
default-data-features = 正解値を除くすべての列
default-data-target = 最後の列
default-data-missing_values = NA、N/A、#N/A、<NA>、NaN、nan、null、NULL。数値の列では ?、.、-、None も
default-data-names = column1、column2、…
default-data-header = true。最初の行がデータの行に見えるときはエラー
default-model-activations = hidden と output
default-model-init-biases = すべて 0
default-training-metrics = クラスがあれば accuracy、なければ r2 と mae
default-training-positive = 名前の順で 2 番目のクラス
default-training-early_stopping-metric = 検証データがあれば valid_loss、なければ train_loss
default-compare-by = variant があれば variant、なければ最初に書いた sweep のキー
default-compare-metric = 検証データがあれば valid_loss、なければ train_loss。損失関数、正解値のスケーリング、クラスの重みが設定によって異なるときは、すべての設定にある最初の指標

## 実験ファイルの語。英語は、それぞれの選択肢を宣言する choices! にあります

word-vary-data = 生成するサンプル
word-split = 検証データにするサンプル
word-init = 重みの初期値
word-shuffle = 各エポックのサンプルの順序と、dropout で 0 にする出力
word-plane = 回帰: y = (x1 + x2) / 10
word-multi_gaussian = 回帰: 符号が交互に変わる 6 つの山
word-circle = 2 クラス: 円板と、それを囲む輪
word-xor = 2 クラス: x1 · x2 の符号
word-gaussian = 2 クラス: 2 つのガウス分布
word-spiral = 2 クラス: 2 本のらせん
word-csv = ヘッダーのある表。名前が .gz で終わるものは gzip
word-idx = MNIST の形式の画像とラベル（gzip も可）
word-npy = NumPy の配列。2 つの .npy、または x と y を含む 1 つの .npz
word-inline = ファイルに直接書いた行
word-scale-none = 元のまま
word-scale_targets-none = { word-scale-none }
word-standardize = 平均 0、標準偏差 1
word-min_max = 0 から 1 まで
word-refuse = 欠損したセルがあればエラー
word-drop = 欠損したセルのある行を除く
word-missing-mean = 欠損した数値を、その列の訓練データでの平均で埋める
word-median = 欠損した数値を、その列の訓練データでの中央値で埋める
word-category = 欠損した語を 1 つのカテゴリーとして扱う
word-x2e = 1.5 のように書く
word-x2c = 1,5 のように書く

word-leaky_relu = f(u) = u（u > 0）、それ以外では 0.01 u
word-elu = f(u) = u（u > 0）、それ以外では e^u − 1
word-selu = f(u) = λ u（u > 0）、それ以外では λ α (e^u − 1)。λ = 1.0507…、α = 1.6733…
word-gelu = f(u) = u Φ(u)。Φ は標準正規分布の分布関数
word-gelu_tanh = gelu を tanh で近似したもの
word-hard_sigmoid = f(u) = u / 6 + 1/2。0 から 1 までに収める
word-zeros = すべて 0

word-half_mse = (予測 − 正解値)² / 2 の、サンプルと出力にわたる平均
word-mse = (予測 − 正解値)² の、サンプルと出力にわたる平均
word-loss-mae = |予測 − 正解値| の、サンプルと出力にわたる平均
word-huber = 差が 1 までは half_mse、それより大きければ |予測 − 正解値| − 1/2
word-bce = ロジットに対する 2 値交差エントロピー。正解値は 0 か 1
word-cross_entropy = ロジットに対するソフトマックス交差エントロピー。1 サンプルに 1 クラス
word-full = 訓練データ全体
word-balanced = 訓練データでの n / (クラスの数 × そのクラスの数)。どのクラスも損失に占める割合が同じになる

word-accuracy = 予測のうち、クラスが正しいものの割合
word-balanced_accuracy = 各クラスのサンプルのうち、正しく予測したものの割合の、クラスにわたる平均
word-metrics-precision = あるクラスと予測したサンプルのうち、実際にそのクラスであるものの割合
word-recall = あるクラスのサンプルのうち、そのクラスと予測したものの割合
word-f1 = precision と recall の調和平均
word-auc = あるクラスのサンプルのスコアが、ほかのクラスのサンプルより高い確率
word-r2 = 1 − 残差平方和 / 全平方和
word-metrics-mae = 絶対誤差の平均
word-rmse = 2 乗誤差の平均の平方根
word-f64 = 64 ビット
word-f32 = 32 ビット

word-constant = 学習率を変えない
word-step = step_size エポックごとに gamma を掛ける
word-exponential = エポックごとに gamma を掛ける
word-multistep = milestones の各エポックで gamma を掛ける
word-cosine = コサインの半周期に沿って、t_max エポックで学習率から eta_min まで下げる
word-linear = 係数を掛ける。係数は total_iters エポックで start_factor から end_factor まで変わる
word-sgd = 勾配降下法: w ← w − η g
word-adagrad = Duchi ほか（2011）
word-rmsprop = Hinton（2012）
word-adam = Kingma、Ba（2015）
word-adamw = Loshchilov、Hutter（2019）
word-nadam = Dozat（2016）

word-train_loss = エポックの全サンプルについての、それぞれの更新の前の損失の平均
word-valid_loss = エポックの後の、検証データの損失
word-train_accuracy = { word-accuracy }（訓練データ）
word-valid_accuracy = { word-accuracy }（検証データ）
word-train_balanced_accuracy = { word-balanced_accuracy }（訓練データ）
word-valid_balanced_accuracy = { word-balanced_accuracy }（検証データ）
word-train_precision = { word-metrics-precision }（訓練データ）
word-valid_precision = { word-metrics-precision }（検証データ）
word-train_recall = { word-recall }（訓練データ）
word-valid_recall = { word-recall }（検証データ）
word-train_f1 = { word-f1 }（訓練データ）
word-valid_f1 = { word-f1 }（検証データ）
word-train_auc = { word-auc }（訓練データ）
word-valid_auc = { word-auc }（検証データ）
word-train_r2 = { word-r2 }（訓練データ）
word-valid_r2 = { word-r2 }（検証データ）
word-train_mae = { word-metrics-mae }（訓練データ）
word-valid_mae = { word-metrics-mae }（検証データ）
word-train_rmse = { word-rmse }（訓練データ）
word-valid_rmse = { word-rmse }（検証データ）
word-best_valid_loss = 全エポックのうち最小の検証損失。検証データを使って選んだ値
word-best_epoch = その損失のエポック
word-kept_epoch = ネットワークを残したエポック
word-epochs = 学習したエポック数
word-updates = 更新の回数
word-models-none = モデルを残さない
word-best = 設定ごとに最良のモデル
word-all = すべての学習のモデル
word-grid = すべてのキーの値のすべての組み合わせ。最後のキーが最も速く変わる
word-zip = 1 番目の値どうし、2 番目の値どうし、と順に組み合わせる
word-random = 指定した数の点。キーごとに独立に選ぶ

## コマンドの結果

note = 参考: { $note }
bytes = { $bytes } バイト
results-in = 結果は { $place } にあります
error =
    { $undone ->
        [trained] エラーがあるため、学習は行いませんでした（内容は英語で表示しています）
        [predicted] エラーがあるため、予測は行いませんでした（内容は英語で表示しています）
        [sealed] エラーがあるため、テスト部分は開いていません（内容は英語で表示しています）
        [computed] エラーがあるため、計算は行いませんでした（内容は英語で表示しています）
       *[plain] エラーのため終了しました（内容は英語で表示しています）
    }
problems =
    { $undone ->
        [trained] 問題が { $count } 件あるため、学習は行いませんでした（内容は英語で表示しています）
        [predicted] 問題が { $count } 件あるため、予測は行いませんでした（内容は英語で表示しています）
        [sealed] 問題が { $count } 件あるため、テスト部分は開いていません（内容は英語で表示しています）
        [computed] 問題が { $count } 件あるため、計算は行いませんでした（内容は英語で表示しています）
       *[plain] 問題が { $count } 件あります（内容は英語で表示しています）
    }
run-kept = 終わった学習はすべて { $directory } に残っています。同じコマンドで続きから再開できます
run-tables-not-written = 警告: 終わった学習は残っていますが、その表を書けません（{ $error }）
run-journal-damaged = 警告: { $journal } が壊れています。終わっていた{ $runs }の { $bytes }が失われ、もう一度学習します
run-journal-torn = 警告: { $journal } の末尾の { $bytes }は、完全な学習の記録ではありません（強制終了や停電で途切れたか、壊れています）。{ $runs }をやり直します
run-journal-removed =
    { $lost ->
        [0] 警告: 実行中に { $directory } のジャーナルが削除、置き換え、または空にされました。書き直しました。失われた学習はありません
       *[other] 警告: 実行中に { $directory } のジャーナルが削除、置き換え、または空にされました。書き直し、失われた { $lost } 回の学習をやり直します
    }
run-output-again = 参考: 終わっていた { $count } 回の学習をやり直します。[output] で指定されたもの（history_every = { $every } のすべての行、またはすべてのモデル）が残っていないためです
run-best-again = 参考: 終わっていた { $count } 回の学習をやり直します。{ $metric } で比べると設定ごとの最良になり、そのモデルを残すためです（`runner compare { $directory } --metric { $metric }` なら学習せずに比べられます）
run-interrupting = 中断しています。{ $all } 回のうち { $count } 回の学習が終わり、{ $directory } に残っています。もう一度押すとすぐに終了します
run-cut-short =
    { $why ->
        [failed] 最初に失敗した学習で止めました。
       *[interrupted] 中断しました。
    }{ $all } 回のうち { $count } 回の学習が終わり、{ $directory } に残っています{ $under_way ->
        [0] {""}
       *[other] （途中の { $under_way } 回の状態も残っています）
    }。{ $how ->
        [fresh] --fresh を除いた同じコマンドで
       *[same] 同じコマンドで
    }続きから再開でき、`{ $look }` で結果を見られます
run-done = { $name }: { $all } 回中 { $count } 回の学習が終わりました（{ $trained } 回を { $seconds } 秒で学習、{ $kept } 回は学習済み）
run-done-of =
    { $ending ->
        [stopped] 早期終了 { $count } 回
        [diverged] 発散 { $count } 回
        [exploded] 爆発 { $count } 回
       *[failed] 失敗 { $count } 回
    }
run-diverged = 警告: { $all } 回の学習のうち { $count } 回で、損失または重みが有限の値でなくなりました（runs.csv の status が `diverged`）。学習率を小さくすると改善するかもしれません
run-exploded = 警告: { $all } 回の学習のうち { $count } 回で損失が爆発しました。値は有限のままですが、訓練損失が学習を始めたときの { $times } 倍を超えて終わりました（runs.csv の `reason`）。学習率を小さくすると改善するかもしれません
run-unwatched = 警告: { $all } 回の学習のうち { $count } 回で、早期終了の基準にした指標が定義されませんでした（runs.csv の `reason`）
run-models-missing = 警告: { $count } 個のモデルがありません。--out { $directory } を付けて実験を実行してください
run-all-diverged = エラー: { $name } のすべての学習が発散しました
run-failed = エラー: 学習 { $run } が失敗しました: { $reason }
run-begins-anew = 警告: 学習 { $run } を最初からやり直します（{ $reason }）
run-state-not-kept = 警告: 学習の途中の状態を残せません（{ $error }）。中断すると、その学習は 1 分よりも長い分をやり直すことになります
run-more-failed = エラー: … ほかにも { $count } 回の学習が失敗しました
merge-joined = { $name }: { $shards } 個のシャードの { $runs } 回の学習を { $directory } にまとめました
merge-models-missing = 警告: { $count } 個のモデルがどのシャードにもありません。--out { $directory } を付けて実験を実行してください
readout-begun-unreadable = 警告: { $directory }: 後から始めた実験を読めないため、それより前に終わった結果を示します（{ $reason }）
readout-of-journal = { $directory } のジャーナルにある { $file }
readout-unfinished = 参考: { $directory } は未完了です（{ $all } 回の学習のうち { $count } 回）
readout-run = 学習 { $run }
readout-named-run = 学習 { $run }（{ $label }）
readout-under-way = 途中: { $run }、{ $epochs } エポック中 { $epoch } エポック、train_loss { $train_loss }
readout-more-under-way = 途中: … ほか { $count } 件

## 期待すること

expect-name = 期待
expect-expected = 期待
expect-outcome = 判定
expect-came-out = 結果
expect-met = 満たす
expect-missed = 満たさない
expect-heading = { $count }:
expect-lead = { $count }。
expect-about = 上限と下限は、設定ごとの全学習の平均について判定します。優劣は比較の判定によります。
expect-open = 期待はまだ判定できません
expect-none-met = 期待した { $all } 件はどれも満たされていません
expect-all-met = 期待した { $all } 件はすべて満たされています
expect-some-met = 期待した { $all } 件のうち { $met } 件が満たされています
expect-unfinished = { $all } 回の学習のうち { $count } 回が終わっています
expect-value = { $name } は { $value }
expect-too-high = { $name } は { $value } で、{ $by } 大きすぎます
expect-too-low = { $name } は { $value } で、{ $by } 小さすぎます
expect-more = { $words }。ほかにも { $count } 個が満たしません
expect-lost = { $name } の { $all } 回の学習のうち { $count } 回が発散または失敗しました
expect-undefined = { $name } の { $all } 回の学習のうち { $count } 回で { $column } が定義されません
expect-no-value = { $name } の { $column } がありません
expect-no-name = この名前の設定はありません
expect-no-best = 順位を付けられないので、最良の設定がありません
expect-no-ranking = 順位を付けられないので、判定できません
expect-other-samples = 同じサンプルで評価していないので、判定できません
expect-better = { $first } は { $second } より優れています
expect-worse = { $first } は { $second } より劣ります
expect-unclear = { $first } と { $second } に明らかな差はありません
expect-tie = { $first } と { $second } はどの学習でも等しい結果です
expect-no-verdict = { $first } と { $second } の優劣は判定できません
expect-with-means = { $words }（{ $metric } は { $first } と { $second }）
expect-with-p = { $words }、{ $p }
expect-with-needed = { $words }。くり返しが { $count } 回あれば判定できそうです
expect-misses = エラー: { $name } は期待を満たしません: { $expectation }: { $words }
expect-no-test = 警告: { $path } に判定がありません。[expect] に期待が書かれていません

## 図

figure-by-epoch = { $column } の推移
figure-epoch = エポック
figure-some-off-the-scale = 目盛りの外に出るものがあります
figure-curves =
    { $lines ->
        [dotted] { $names } の、くり返しの中央値と幅です。実線は { $column }、点線はそれに対応するものです。
       *[solid] { $names } の、くり返しの中央値と幅です。実線は { $column } です。
    }
figure-grid-of = { $across } と { $down } ごとの { $metric }
figure-grid-legend =
    明るいほど良く、暗いほど悪い{ $off ->
        [off] （最も暗いマスは目盛りの外）
       *[none] {""}
    }。× はすべてのくり返しで発散{ $some ->
        [lost] 、数値の横の × は一部で発散
       *[none] {""}
    }
figure-grid = 各マスは、くり返しの中央値です。明るいほど良い値です。
figure-cell-lost = { $label }: すべてのくり返しで発散
figure-cell =
    { $lost ->
        [0] { $label }: 中央値 { $median }
       *[other] { $label }: 中央値 { $median }（{ $lost } 回発散）
    }
figure-colours =
    { $colours ->
        [classes] 色はクラスを表し、ネットワークの確信が低いほど薄くなります。
        [two-classes] オレンジは 1 つ目のクラス、青は 2 つ目のクラス、灰色はどちらともいえないところです。
        [logit] オレンジは 0、青は 1、灰色はどちらともいえないところです。
        [signs] オレンジは −1、灰色は 0、青は +1 です。
       *[numbers] オレンジは最小の正解値、青は最大の正解値、灰色はその中間です。
    }
figure-surface-of = { $name } の決定境界
figure-before = 学習前
figure-after = 学習後
figure-surface = 学習の前と後に、ネットワークが平面の各点で何と答えるかを、サンプルとともに示します。
figure-features = 横軸 { $across }、縦軸 { $up }
figure-says = { $name } の答え
figure-answer = 学習後に、ネットワークが平面の各点で何と答えるかを、サンプルとともに示します。{ $legend }
figure-whose = { $name }、くり返し { $replicate }。
figure-network-of = { $name } のネットワークと重み
figure-bias = バイアス { $bias }
figure-network-legend = オレンジは負、青は正。最も太い線は { $greatest }
figure-network = 各層のノードの数は { $sizes } です。線は重みを表します。
figure-confusion-of = { $name } の混同行列
figure-confusion-legend =
    { $of ->
        [valid] 検証データ。行は正解、列は予測
       *[train] 訓練データ。行は正解、列は予測
    }
figure-taken-for = { $actual } を { $predicted } と予測: { $total } 個中 { $count } 個
figure-confusion =
    { $of ->
        [valid] 検証データの { $all } 個のサンプルのうち、{ $right } 個を正しく分類しています。
       *[train] 訓練データの { $all } 個のサンプルのうち、{ $right } 個を正しく分類しています。
    }
figure-mistakes-of = { $name } が間違えたもの
figure-mistake = 正解 { $is }、答え { $said }
figure-mistakes =
    { $of ->
        [valid] 検証データの { $all } 個のサンプルのうち、{ $count } 個を別のクラスと予測しています。
       *[train] 訓練データの { $all } 個のサンプルのうち、{ $count } 個を別のクラスと予測しています。
    }
figure-mistakes-caption =
    { $of ->
        [valid] は、検証データの { $all } 個のサンプルのうち { $count } 個を間違えました。確信の高かった間違いから順に、正解と、ネットワークの答えを示します。
       *[train] は、訓練データの { $all } 個のサンプルのうち { $count } 個を間違えました。確信の高かった間違いから順に、正解と、ネットワークの答えを示します。
    }
figure-share-of = 実際に { $class } である割合
figure-probability-of = { $class } の確率
figure-share-right = 正解の割合
figure-probability-said = 答えたクラスの確率
figure-calibration-of = { $name } の確信と正しさ
figure-said = 平均 { $said } と答えた { $count } 個のうち { $happened } 個: { $share }
figure-calibration = 対角線上の円は、その確率を与えたもののうち、そのとおりの割合が実際に起こったことを表します。
figure-calibration-caption =
    { $of ->
        [valid] の、検証データの { $all } 個のサンプルでの結果です。円が対角線上にあれば確率をそのまま信用でき、下にあれば自信過剰です。円が大きいほどサンプルが多く、線は 95 % 信頼区間です。
       *[train] の、訓練データの { $all } 個のサンプルでの結果です。円が対角線上にあれば確率をそのまま信用でき、下にあれば自信過剰です。円が大きいほどサンプルが多く、線は 95 % 信頼区間です。
    }
figure-predicted-of = { $name } の予測
figure-target-predicted = { $target } の予測値
figure-target-in-truth = { $target } の正解値
figure-truth-and-prediction = 正解値 { $truth }、予測値 { $prediction }
figure-predicted = 対角線上の円は、正しい予測です。
figure-predicted-caption =
    { $of ->
        [valid] の、検証データの { $all } 個のサンプルでの予測値と正解値です。対角線上にあれば正しい予測です。
       *[train] の、訓練データの { $all } 個のサンプルでの予測値と正解値です。対角線上にあれば正しい予測です。
    }
figure-against = { $key } ごとの { $metric }
figure-point-median = : 中央値 { $median }
figure-point-range = 、範囲 { $low } ～ { $high }
figure-point-lost = （{ $total } 回中 { $lost } 回発散）
figure-point-off = 、目盛りの外
figure-crosses-off = × 目盛りの外
figure-crosses = × 発散、または目盛りの外
figure-sweep =
    { $marks ->
        [crosses] くり返しの中央値と範囲です。線は { $lines } 個の値のそれぞれを、× は発散した学習を表します。
       *[none] くり返しの中央値と範囲です。線は { $lines } 個の値のそれぞれを表します。
    }
figure-parallel-of = { $keys } 個のキーと { $metric }
figure-parallel-off = { $all } 個の設定のうち { $count } 個は発散したか、目盛りの外にあります
figure-best-tenth = 上位 1 割を強調しています
figure-parallel = { $configurations } 個の設定のそれぞれを、キーの値と中央値を結ぶ線で表します。上位 1 割を強調しています。
figure-importance = 各キーで順位がどれだけ決まるか
figure-importance-of = { $key }: { $share }（{ $low } ～ { $high }）

## HTML レポート

page-title = { $name } – runner レポート
page-dark = 暗く
page-contents = 目次
page-section =
    { $section ->
        [curves] 学習曲線
        [sweep] スイープ
        [grid] グリッド
        [keys] キー
        [ranking] 順位
        [test] テスト
        [expectations] 期待
        [comparison] 比較
        [models] モデル
       *[experiment] 実験
    }
page-ranked-by = 順位の基準
page-no-curves = 最初のエポックを終えた学習がないため、図はありません。
page-curves =
    { $band ->
        [none] 学習中の { $column } の推移です。
        [all] 学習中の { $column } の推移です。線はくり返しの中央値、幅はくり返しのすべてを含む範囲です。
       *[most] 学習中の { $column } の推移です。線はくり返しの中央値、幅は中央の 80 % を含む範囲です。
    }
page-curves-drag = ドラッグすると一部を拡大し、ダブルクリックすると全体に戻ります。
page-curves-drawn = { $all } 個の設定のうち { $drawn } 個を示しています。{ $by } ごとの最良と、残りのうちの上位です。すべての値は history.csv にあります。
page-what-is-drawn = 表示する値
page-vertical-scale = 縦軸の目盛り
page-logarithmic = 対数
page-linear = 線形
page-horizontal-axis = 横軸
page-epochs = エポック
page-updates = 更新回数
page-samples = サンプル数
page-single-runs = 1 回ごとの学習
page-smoothed = 平滑化
page-whole-curve = 全体
page-dotted = 点線は { $column }
page-sweep =
    { $others ->
        [best] { $key } ごとの { $metric } です。点はくり返しの中央値、縦線はその範囲です{ $curves }。ほかのキーは、それぞれに最適な値です。
       *[none] { $key } ごとの { $metric } です。点はくり返しの中央値、縦線はその範囲です{ $curves }。
    }
page-sweep-by =
    { $drawn ->
        [best] （曲線は { $by } の { $levels } 個の値のうち、上位 { $count } 個）
       *[all] （曲線は { $by } ごと）
    }
page-edge =
    { $side ->
        [smallest] 最良の { $key } は、試した値のうち最小です。さらに小さい値のほうが良いかもしれません。
       *[greatest] 最良の { $key } は、試した値のうち最大です。さらに大きい値のほうが良いかもしれません。
    }
page-grid = 2 つのキーの値ごとの { $metric } の中央値です。
page-keys = 1 つの設定を、キーの値と { $metric } の中央値を結ぶ 1 本の線で表します。上位 1 割を強調しています。
page-importance = どのキーで順位が決まるか
page-importance-note = 設定の平均の順位についての ε²（Kelley 1935）です。順位の分散のうち、キーの値の違いで説明できる割合で、0 なら何も説明せず、1 ならすべてを説明します。線は、設定を復元抽出して求めた 95 % 信頼区間です。数値の多いキーは 5 つの区間に分けています。これらの設定についての記述であり、検定ではありません。キーの範囲を変えれば、割合も変わります。
page-surfaces = 各設定の最良の学習が、学習の前と後に平面の各点で何と答えるかを、学習に使ったサンプルとともに示します。
page-best-run = 最良の設定の、最良の学習です。
page-further = ほかの { $count } 個の設定
page-drawn-above = { $all } 個の設定のうち、上の図に示したものです。
page-as-it-ran = 実行した実験です。既定値もすべて書き出してあり、もう一度実行すると同じ結果になります。
page-seed = シード
page-made-by = 作成
page-versions = runner { $runner }、エンジン { $engine }
page-data = 訓練データ { $train } 個
page-data-with-validation = 訓練データ { $train } 個、検証データ { $valid } 個
page-data-heading = データ
page-manifest = 時間、マシン、コマンドは、実行のたびに変わりうるので manifest.json に記録しています。このページの内容は変わりません。
page-after-epoch = エポック { $epoch } の後
page-film = 最良の設定が平面の各点で何と答えるかを、学習に使ったサンプルとともに示します。下の数はエポックです。
page-film-of-another = この設定が平面の各点で何と答えるかを示します。
page-whose-surface = 表示する設定
page-fact =
    { $fact ->
        [configurations] 設定{ $count ->
           *[other] {""}
        }
        [runs] 学習の回数
        [unfinished] 学習の回数
        [replicates] 設定ごとのくり返し
        [lost] 発散または未完了
       *[exploded] 爆発
    }
page-of = { $all } 回中 { $count } 回
page-always = 常に{ $answer }と答えた場合の { $column }
page-always-class = 常に「{ $class }」と答えた場合の { $column }
page-best-mean = 最良の平均
page-needs-other-samples = くり返しを増やしても判定できない
page-needs-too-many = 判定には { $most } 回を超えるくり返しが必要
page-needs = { $needed } 回のくり返しで判定できる見込み
page-to-reach = { $metric } が { $value } に達するまで
page-to-reach-lead = 目標は、上位の設定の最終的な中央値のうち最も悪い値なので、どの設定も達することができます。数は、達したくり返しの中央値です。
page-to-reach-a-target = 目標に達するまで
page-tested =
    { $over ->
        [folds] テストしたのは { $name } です（{ $runs }のネットワーク）。分割についての区間は学習の偶然によるばらつきを、サンプルについての区間は同じ数のテスト用サンプルを引き直した場合のばらつきを表します。「ネットワークなし」は、最も多いクラス、クラスの割合、平均、中央値のいずれかを常に答えた場合の値です。
       *[replicates] テストしたのは { $name } です（{ $runs }のネットワーク）。くり返しについての区間は学習の偶然によるばらつきを、サンプルについての区間は同じ数のテスト用サンプルを引き直した場合のばらつきを表します。「ネットワークなし」は、最も多いクラス、クラスの割合、平均、中央値のいずれかを常に答えた場合の値です。
    }
page-test-part = テスト部分
page-ranking =
    { $lost ->
        [lower] すべての設定を { $metric } の平均の順に並べています。失われたくり返しが多い設定は下になります。
       *[none] すべての設定を { $metric } の平均の順に並べています。
    }
page-ranking-left-out = summary.csv には、設定ごとの{ $columns }もあります。
page-ranking-note = 区間は、3 個以上の値から Student の t 分布で求めた平均の 95 % 信頼区間です。「最良との比較」は 1 行目との対応のある比較で、補正の方法は組ごとの比較の表にあります。
page-ranking-of-one-replicate = くり返しが 1 回ずつなので、区間も判定もありません。
page-mean-with-interval = 平均 ± 95 %
page-interval = 区間
page-iqm = 四分位平均
page-sd = 標準偏差
page-first-rows = { $all } 個のうち最初の { $shown } 個です。すべては summary.csv にあります。
page-method = { $pairs ->
        [folds] どの設定でも、くり返し r は同じシードから始まり、同じ分割を使うので、設定どうしを分割ごとに比べます
       *[replicates] どの設定でも、くり返し r は同じシードから始まるので、設定どうしをくり返しごとに比べます
    }。{ $compared ->
        [differences] 差は{ $test ->
            [resampled] 、サンプルの重なりを補正した t 検定
           *[paired] 対応のある t 検定
        }で調べます
       *[ratios] 損失の違いは比で表れるため、比の対数を{ $test ->
            [resampled] 、サンプルの重なりを補正した t 検定
           *[paired] 対応のある t 検定
        }で調べます
    }。{ $test ->
        [resampled] 失われた学習がある場合は、回数だけを示し、判定はしません
       *[paired] 発散した学習がある場合は、それを最下位とした順位で調べます
    }。p 値は、表のすべての組について Holm の方法で補正しています。複数の表に現れる組には、最良の値を決める表での p 値を示します。
page-one-replicate = くり返しが 1 回では、差と偶然を区別できないため、判定できません。
page-pairs-heading =
    { $footing ->
        [own-best] それぞれの最良どうし
        [own-best-updates] 同じ更新回数での比較
        [own-best-samples] 同じサンプル数での比較
        [same-keys] ほかの条件が同じものどうし
        [same-keys-updates] ほかの条件が同じものどうし、同じ更新回数で
       *[same-keys-samples] ほかの条件が同じものどうし、同じサンプル数で
    }
page-pairs-note =
    { $footing ->
        [own-best] どの { $by } も、ほかのキーはそれぞれに最適な値です。同じ数値から選んだので、どれも実際より少し良く見えます。
        [own-best-updates] 同じ設定を、更新回数の少ないほうに合わせて比べます。
        [own-best-samples] 同じ設定を、使ったサンプルの少ないほうに合わせて比べます。
        [same-keys] ほかのキーがすべて同じ設定の間で、{ $by } どうしを比べます。
        [same-keys-updates] 更新回数の少ないほうに合わせて比べます。
       *[same-keys-samples] 使ったサンプルの少ないほうに合わせて比べます。
    }
page-pairs = { $count } 組
page-at = 条件
page-basis =
    { $basis ->
        [updates] 更新回数
        [samples] サンプル数
       *[end] 終了時
    }
page-mean-of = { $side } の平均
page-first-pairs = { $all } 組のうち最初の { $shown } 組です。すべては comparison.csv にあります。
page-after = { $at } の後
page-verdict =
    { $verdict ->
        [better-b-lost] A が優れる（B は最後まで学習できない）
        [worse-a-lost] A が劣る（最後まで学習できない）
        [better] A が優れる
        [worse] A が劣る
        [tie] 引き分け
        [both-lost] どちらも最後まで学習できない
        [none] 判定なし
       *[unclear] 明確な差なし
    }
page-no-record = 不明: { $level } には { $first } より前の記録がない

## HTML レポートのスクリプト

script-light = 明るく
script-filter = 絞り込み
script-filter-rows = この語を含む行を表示
script-first = 最初の { $count } 件
script-all = { $count } 件すべて
script-of = { $all } 件中 { $count } 件
script-play = 学習を再生
script-at-epoch = エポック { $epoch }
script-epoch = エポック
script-close = 閉じる
script-enlarge = 拡大: { $picture }
script-curves = { $column } の { $by } ごとの推移、曲線 { $count } 本。左右の矢印キーで値を読み、＋と－で拡大、縮小します。
script-one-leaves = 1 本の曲線が
script-some-leave = {" "}本の曲線が
script-the-scale = 目盛りの外に出ています（{ $farthest } まで）
script-samples-seen = サンプル数
script-ring = {" "}・ 円は曲線の最初の記録
script-first-record = 最初の記録は { $count }
script-ended = { $count } で終了

## 文法としては正しくても、意図と違っていそうなところの警告

check-zeros = 隠れ層のノードが、すべて同じ値から始まります
check-zeros-remedy = "xavier_uniform" を試してください
check-equal = 隠れ層 { $layer } のノードが、すべて同じ値から始まります
check-equal-remedy = 重みを互いに違う値にしてください
check-stay-equal = 勾配も同じになるので、いつまでも同じ値のままで、ノードが 1 つしかないのと変わりません
check-reach = 出力層の活性化関数では正解値に届きません。{ $activation } の値は { $reach ->
        [between] { $low } ～ { $high }
        [above] { $low } 以上
       *[below] { $high } 以下
    }、正解値は { $least } ～ { $most } です
check-reach-remedy = "identity" ならどの数にも届きます
check-scales-no-metric = すべてに共通する指標がないため、判定はできません
check-scales-instead = 代わりに { $metric } で比べます
check-scales =
    { $key ->
        [training-loss] 設定によって損失関数（{ $values }）が異なるため、{ $metric } の値では順位を付けません
        [data-scale_targets] 設定によって正解値のスケーリング（{ $values }）が異なるため、{ $metric } の値では順位を付けません
       *[training-class_weights] 設定によってクラスの重み（{ $values }）が異なるため、{ $metric } の値では順位を付けません
    }
check-scales-note = すべてに共通する指標を `compare.metric` に指定できます
check-parts =
    { $part ->
        [train] 設定によって、評価に使う訓練データが異なります
       *[valid] 設定によって、評価に使う検証データが異なります
    }
check-parts-remedy = データの異なる設定どうしには順位を付けません
check-parts-note = 判定は、同じデータの設定どうしについて行います
check-undefined =
    { $part ->
        [train] train_r2 は定義されません。訓練データの正解値がすべて同じです
       *[valid] valid_r2 は定義されません。検証データの正解値がすべて同じです
    }
check-undefined-remedy =
    { $part ->
        [train] train_loss なら定義されます
       *[valid] valid_loss なら定義されます
    }
check-batch = `training.batch_size` は { $size } ですが、訓練データは { $samples } 個しかありません
check-batch-remedy = "full" と書けば、実際の動作と一致します
check-last-batch-divides = { $size } なら { $samples } を割り切ります
check-last-batch-leaves = { $size } なら最後のバッチは { $last } 個になります
check-last-batch = どのエポックでも、最後のバッチのサンプルが 1 個になります（{ $samples } 個を { $size } 個ずつ）
check-last-batch-note = その更新はほかのバッチと同じ強さで、オンライン学習と同じくらいばらつきます
check-class-weights = サンプルが 1 個のバッチでは、クラスの重みが打ち消されます（w l / w は l）
check-class-weights-remedy = バッチを大きくしてください
check-class-weights-note = 表示される損失には重みが付きますが、更新には付きません
check-dropout = `model.dropout` は隠れ層の出力を落としますが、このネットワークには隠れ層がありません
check-dropout-remedy = 書かないでください
check-watches-training = 検証データがないため、早期終了の基準が訓練損失になります
check-watches-training-remedy = validation = 0.2 のように data.validation を指定してください
check-step = 学習率が下がりません。最初に下がるのはエポック { $step_size } の後ですが、エポックは { $epochs } までです
check-step-remedy = step_size を小さくするか、エポックを増やしてください
check-milestone = milestones の { $milestone } に達しません。エポックは { $epochs } までです
check-milestone-remedy = 除くか、エポックを増やしてください
check-cosine = エポック { $t_max } の後、学習率がまた上がります。`t_max` がエポック数 { $epochs } より小さいためです
check-cosine-remedy = t_max は、ふつうエポック数と同じにします
check-linear = 学習率が最後の値に達しません。`total_iters` は { $total_iters } ですが、エポックは { $epochs } までです
check-linear-remedy = エポックを増やすか、total_iters を小さくしてください
check-patience = 早期終了が起こりません。patience は { $patience } ですが、エポックは { $epochs } までです
check-patience-remedy = patience を小さくするか、エポックを増やしてください
check-start-note = 保存されているモデルとは別の関数から学習を始めることになります
check-start-activations = { $file } は活性化関数 { $activations } で学習したものです
check-start-here-they = ここでは { $values } です
check-start-here-it = ここでは{ $value }です
check-start-here-named = ここでは `{ $name }` です
check-start-order = features = [{ $features }] とすれば、モデルと同じ順になります
check-start-input = { $file } の入力 { $number } は `{ $name }` です
check-start-scaled-input = { $file } の入力 `{ $name }` は{ $scaling }です
check-start-scaled-target = { $file } の正解値 `{ $name }` は{ $scaling }です
check-start-classes = { $file } のクラスは { $classes } です
check-start-not-scaled = スケーリングなし
check-rate = 学習率 { $rate } は、最初の更新に耐えられる大きさを超えています
check-rate-remedy = { $bound } より小さければ損失は下がります
check-rate-note = 初期の重みでの損失の曲率は { $curvature } です。学習率が 2 / 曲率 を超えると、更新のたびに行きすぎます
check-one-value = 訓練データの正解値がすべて同じで、学習するものがありません
check-one-class = 訓練データがすべて同じクラス（{ $class }）で、学習するものがありません
check-one-class-remedy = 別のデータか、別の正解値を使ってください
check-constant =
    { $how ->
        [same] `{ $name }` の値が、訓練データのすべてで同じです
       *[nearly] `{ $name }` の値が、訓練データのすべてでほとんど同じです
    }
check-constants =
    { $how ->
        [same] { $count } 個の特徴量の値が、訓練データのすべてで同じです
       *[nearly] { $count } 個の特徴量の値が、訓練データのすべてでほとんど同じです
    }
check-constant-remedy =
    { $count ->
       *[other] { $how ->
            [same] 入力は 0 になります
           *[nearly] 入力は丸め誤差だけになります
        }
    }
check-constant-names =
    { $more ->
        [0] 該当する特徴量: { $names }
       *[other] 該当する特徴量: { $names } ほか { $more } 個
    }
check-binary = 正解値がすべて 0 か 1 ですが、この損失関数はふつうの数として扱います
check-binary-remedy = loss = "bce" が適しています
check-binary-note = 正解率も表示されます
check-classes = 正解値が 0 から { $last } までの整数で、クラスのように見えます
check-classes-remedy = クラスには loss = "cross_entropy" が適しています
check-classes-note = その場合、出力層のノードは { $count } 個になります。数として扱うと、クラス 2 は 1 と 3 の間にあることになります
check-feature = 特徴量 { $number }
check-scale = 特徴量のスケールが大きく異なります。標準偏差は { $wide } が { $most }、{ $narrow } が { $least } です
check-scale-remedy = scale = "standardize" でそろえられます
check-no-effect = スイープした `{ $key }` を変えても、何も変わりません
check-no-effect-remedy = どの値でも同じ学習になります
check-no-effect-note = 学習は 1 回だけ行います。スイープから除いてください
check-same-value = スイープした `{ $key }` の { $value } は、ほかの値と同じ学習になります
check-same-value-remedy = 学習は 1 回だけ行います。除いてください
check-full-batches = スイープした次のバッチサイズは、どれも { $samples } 個のフルバッチです: { $sizes }
check-full-batches-remedy = 同じ学習になるので、"full" だけを残してください
check-overridden = variant `{ $variant }` の `{ $key }` は、スイープの値に置き換えられます
check-overridden-remedy = この値は使われません
check-one-run = 1 つの設定につき 1 回の学習では、差と偶然を区別できません
check-one-run-remedy = replicates = 5 としてください
check-one-run-note = 初期の重みとサンプルの順序は乱数で決まります
check-replicates = { $replicates } 回のくり返しには違いが生じません。乱数で決まるものがないためです
check-replicates-remedy = 1 回で十分です
check-replicates-note = 初期の重みは与えられていて、サンプルの順序も決まっています
check-edge =
    { $edge ->
        [least] 最良の設定の `{ $key }` は、スイープした値のうち最小の { $value } です
       *[greatest] 最良の設定の `{ $key }` は、スイープした値のうち最大の { $value } です
    }
check-edge-remedy =
    { $edge ->
        [least] さらに小さい値のほうが良いかもしれません
       *[greatest] さらに大きい値のほうが良いかもしれません
    }
check-edge-note = スイープを広げると、追加した値だけを学習します
check-ok =
    { $warnings ->
        [0] { $file }: 問題ありません（設定 { $configurations }、{ $runs }）
       *[other] { $file }: 文法は正しいですが、警告が { $warnings } 件あります（設定 { $configurations }、{ $runs }）
    }
configurations = { $count } 個

## 計算の追跡

trace-title = { $name }: エポック { $epoch }、ステップ { $step }
trace-folded = ほか { $count } 個も同様です（--full ですべて表示）
trace-layer =
    { $place ->
        [output] 第 { $layer } 層（出力層）: { $activation } × { $nodes }
       *[hidden] 第 { $layer } 層（隠れ層）: { $activation } × { $nodes }
    }
trace-layer-number = 第 { $layer } 層
trace-given = 与えられた値
trace-indices = w⁽¹⁾₁₂ は、第 1 層のノード 1 に入力 2 から届く重みです。添字は行き先のノードが先で、行列の行にあたります。入力は層に数えません。第 1 層は、入力の次の層です。入力の番号を先に書き、入力を第 1 層と数える記事では、同じ重みが第 2 層の w₂₁ です。
trace-class-index = 正解 t はクラスの番号で、0 から数えます。
trace-forward = 順伝播
trace-forward-note = 各ノードは、入力に重み w を掛けたものとバイアス b を足して重み付き線形和 u を求め、活性化関数 f を通して出力 z とします。
trace-dropout = ドロップアウト: r は、サンプルごとに割合 { $rate } で選ばれた出力では 0、残りでは 1 / (1 − { $rate }) です。次の層には d が渡ります。
trace-loss = 損失: { $loss }
trace-logits = m はロジットの最大値です。先に引いておくと、指数関数があふれません。
trace-sample-weight = ω はサンプルのクラスの重みです。バッチの損失は、L の和を ω の和で割ったものです。
trace-loss-of-outputs = 1 つのサンプルの損失 L は、{ $outputs } 個の出力についての平均です。以下の E は、平均する前の和を表します。
trace-loss-of-one-output = 出力が 1 つなので、以下の E は L と同じです。
trace-backward = 逆伝播
trace-backward-note = 出力側から入力側へ向かって、各ノードの出力 z、重み付き線形和 u（これが δ）、重み、バイアスのそれぞれについて、E の変化の割合を求めます。
trace-input = 入力
trace-input-note = E が各入力によってどう変わるかも、同じように求められます。入力は変えられないので、学習には使いません。
trace-batch = バッチの勾配
trace-batch-weighted = バッチに含まれるサンプルの勾配を足し合わせ（G）、サンプルの重みの和 Ω で割ります（g）。バイアスの勾配は 2 番目の添字を 0 とします。
trace-batch-mean = バッチに含まれるサンプルの勾配を足し合わせ（G）、項の数 { $counts } = { $terms } で割って平均します（g）。バイアスの勾配は 2 番目の添字を 0 とします。
trace-terms = { $samples } サンプル × { $outputs } 出力
trace-penalties = 正則化項の微分を加えます。重みの 2 乗和の半分には λ₂ w、絶対値の和には λ₁ sign(w) です。バイアスには加えません。
trace-clip-value = 勾配のそれぞれを −{ $limit } から { $limit } までの範囲に収めます。
trace-clip-norm = すべての勾配をまとめたノルム ‖g‖ が上限 c を超えるとき、全体を同じ割合で縮めます。
trace-update = パラメーターの更新: { $optimizer }
trace-sgd = それぞれのパラメーターを、勾配と逆の向きに、勾配の η 倍だけ動かします。
trace-momentum = p はモーメンタムで、これまでの勾配を、古いものほど μ を多く掛けて足したものです。
trace-adagrad = s は、これまでの勾配の 2 乗の和です。
trace-rmsprop = v は勾配の 2 乗の移動平均、m は勾配の移動平均（centered のとき）、p はモーメンタムです。
trace-adam = m は勾配の移動平均、v は勾配の 2 乗の移動平均です。1 − βᵗ で割るのは、0 から始めたことの補正です。
trace-time = これは、学習を始めてから t = { $update } 回目の更新です。
trace-fact-run = 実行
trace-run = 実行番号 { $run }（全 { $runs } 回、0 から数える）、反復番号 { $replicate }
trace-run-of-fold = 実行番号 { $run }（全 { $runs } 回、0 から数える）、反復番号 { $replicate }、分割 { $fold }
trace-fact-network = ネットワーク
trace-fact-loss = 損失関数
trace-epoch = エポック
trace-epoch-of = { $epoch } / { $epochs }
trace-step = ステップ
trace-step-of = { $step } / { $steps }、通算 { $update } 回目の更新
trace-fact-sample = サンプル
trace-sample-of = バッチの { $sample } / { $samples }（訓練データの { $row } 行目、先頭が 0）
trace-fact-numbers = 数値
trace-numbers = 結果は正確な値、式の中は有効数字 8 桁
trace-path = 発散までの経過
trace-first-not-finite = このステップで最初に有限でなくなった値は { $symbol } = { $value } です。
trace-all-finite = ここに示すサンプルの値は、すべて有限です。
trace-path-note = どこから始まったか: 各行は、バッチの損失（直近 { $steps } ステップの最大値）が、次の桁を超えたまま戻らなくなったステップです。最後の 2 行は、発散の直前のステップと発散したステップです。勾配とパラメーターは絶対値の最大です。
trace-batch-loss = 損失
trace-largest-gradient = 勾配の最大
trace-largest-parameter = パラメーターの最大
trace-sum-or-mean = 和と平均: 本や記事の数値と違うとき
trace-sum-or-mean-note = 上の学習では、{ $counts }で平均した勾配 g を使って更新しました。平均せずに、和のままの勾配に学習率を掛ける説明では、更新の幅が { $terms } 倍になり、更新後の値は次のようになります。
trace-check = 差分による検算
trace-check-note = パラメーターを 1 つずつわずかに増減させ、バッチの平均損失の変化をパラメーターの変化で割ります。これが勾配 g（正則化やクリッピングの前）と一致するはずです。
trace-gradient = 勾配
trace-difference = 差分商
trace-error = 相対誤差
trace-compared-some = { $all } 個の勾配のうち、均等に選んだ { $count } 個を比べました。すべてを比べると時間がかかりすぎるためです。
trace-corners = { $count } 個は、損失がそこで折れ曲がっているため比べられません（表では NaN）。
trace-check-verdict =
    { $verdict ->
        [agree] 相対誤差の最大値は { $largest } です。許容値 { $tolerance } に対して、勾配は一致しています。
       *[differ] 相対誤差の最大値は { $largest } です。許容値 { $tolerance } に対して、勾配が一致しません。
    }
trace-contents = 目次
trace-compared = { $all } 個の勾配のうち { $count } 個を比べました。相対誤差の最大値は { $largest }、許容値は { $tolerance } です
trace-diverging = { $runs } 回の学習のうち { $count } 回が発散します。実行番号 { $run } を示します（--run N で別の実行を示します）:
more-configurations = … ほかの設定 { $count } 個

## これから行う学習

plan-exist = 済み
plan-new = 未学習
plan-updates = 更新回数
plan-multiply-adds = 積和演算
plan-summary = { $name }: 設定 { $configurations }、{ $runs }。{ $exist } 回分は { $directory } にあり、{ $new } 回をこれから学習します
plan-work = これから学習する分: { $epochs } エポック、更新 { $updates } 回、積和演算 { $multiply_adds } 回
plan-about = 約 { $time }
plan-a-moment = 1 秒以下
plan-cost = { $threads } スレッドで{ $time }（このマシンで短く測った見積もり）、ディスク { $disk }、メモリー { $memory }
threads-few = 警告: { $cores } 個のうち { $threads } 個のスレッドしか使えません（プロセス数かメモリーの制限かもしれません）。学習に時間がかかりますが、結果は同じです
usage-key = {"  "}ヒント: 実験ファイルのキーは --set { $key }=値 で上書きします
usage-error = コマンドの書き方に誤りがあるため、何も行いませんでした（内容は英語で表示しています）

## 学習の進み具合

progress-runs = { $percent } % · { $all } 回中 { $count } 回の学習
progress-lost =
    { $what ->
        [diverged] 発散 { $count } 回
       *[failed] 失敗 { $count } 回
    }
progress-left = 残り { $time }
progress-work = 積和演算 { $count } / { $all } 回 · 更新 { $updates } 回/秒
progress-beginning = 開始しています
progress-epoch = エポック { $epoch } / { $epochs }
progress-running = 学習中: { $run }
progress-best = ここまでの最良: { $metric } { $value }
progress-best-of = ここまでの最良: { $metric } { $value }（{ $label }）
duration-seconds = { $seconds } 秒
duration-minutes = { $minutes } 分
duration-hours = { $hours } 時間 { $minutes } 分

## 検証

verify-other-engine = 警告: この結果はエンジンのバージョン { $version } で作られました。今のバージョンは { $own } なので、そのために数値が異なるかもしれません
verify-other-data = 警告: { $directory }: データが、学習に使ったものと異なります（SHA-256 が一致しません）。そのため数値も異なります
verify-interrupting = 中断しています。比較は行いません。もう一度押すとすぐに終了します
verify-nothing-compared = 中断しました。比較は行っていません
verify-same = { $directory }: { $seconds } 秒で学習し直しました。{ $files } 個のファイルはすべて 1 ビットも違いません
verify-differs = { $directory }: { $all } 個のファイルのうち { $files } 個に、{ $count } か所の違いがあります。最初の違い: { $file }、{ $place }: 保存されているのは { $stored }、学習し直すと { $again }
verify-left = 比較しなかったもの: { $left }
verify-manifest = manifest.json の時間、マシン、コマンド
verify-journal = .runner のジャーナル
verify-more = ほか { $count } 個
verify-file = ファイル
verify-place = 場所
verify-stored = 保存されている値
verify-again = 学習し直した値
difference-file = ファイル
difference-there = あり
difference-not-there = なし
difference-no-manifest = なし、または manifest として読めない
difference-same = 意味は同じでバイトが異なる
difference-nothing = なし
difference-row = 行あり
difference-no-row = 行なし
difference-line = { $line } 行目
difference-line-of = { $line } 行目（{ $name }）
difference-line-of-epoch = { $line } 行目（{ $name }、epoch { $epoch }）
difference-character = { $line } 行 { $character } 文字目
difference-model = モデル
difference-no-model = safetensors として読めない
difference-metadata = メタデータ { $key }
difference-one-of-both = 一方だけにある
difference-byte = { $place } バイト目
difference-byte-of = { $byte }（全 { $bytes }）

## 結果が書かれたときのままか

warning = 警告: { $warning }
soundness-no-manifest = { $directory } には、ファイルがどうであったかを示す { $manifest } がありません。今あるファイルをそのまま使います
soundness-more = { $directory }: … ほかにも { $count } 個のファイルが異なります
misfit-gone = { $file } がありません
misfit-size = { $file } は変更されています（{ $found } バイト。書いたときは { $said } バイト）
misfit-content = { $file } は変更されています（ダイジェストが { $manifest } と一致しません）
misfit-unreadable = { $file } を読めません（{ $cause }）

## 保存されたモデル

model-chosen = モデル { $name }: くり返し { $replicate }、{ $standing }
model-chosen-of = モデル { $name }: 設定 { $number }（{ $label }）のくり返し { $replicate }、{ $standing }
model-best = { $metric } で最良
model-first = { $metric } で 1 位（単独で最良の設定はない）
model-origin = { $experiment } の学習 { $run }: { $label }、くり返し { $replicate }
model-origin-fold = 分割 { $fold }
model-origin-epoch = エポック { $epoch }
show-run-of-key = キー { $key } の学習
show-label =
    { $about ->
        [from] 由来
        [network] ネットワーク
        [loss] 損失関数
        [weights] 重み
        [positive] 正例
        [dropout] ドロップアウト
        [features] 特徴量
        [targets] 正解値
       *[classes] クラス
    }
show-parameters = パラメーター { $count } 個
show-logits = { $loss }（出力はロジット）
show-class-weights = クラスごと: { $weights }
show-dropout = { $rates }（学習中のみ）
show-filled = { $feature }（欠損は { $value }）
show-scaled-target = { $target }: 出力 · { $divisor }{ $offset }
show-more =
    { $what ->
        [features] ほか { $count } 個の特徴量
       *[targets] ほか { $count } 個の正解値
    }
show-list = { $shown } ほか { $count } 個
show-all-numbers = { $count } 個の重みとバイアスは、--json ですべて出力します
show-layer = 第 { $layer } 層（{ $activation }）: 各ノードの重みとバイアス

## 予測

predict-samples = { $count } 個のサンプル
predict-undefined = { $name } は未定義
predict-judged = （正解値のわかる { $count } 個について）
predict-place = 予測は { $place } にあります
predict-other-dialect = 警告: データの書き方が訓練データと異なるため、{ $dialect } として読みました
predict-line = { $line } 行目
predict-sample = サンプル { $sample }
predict-column = { $place }、列 `{ $column }`
predict-reason =
    { $count ->
        [1] 1 行が { $reason }（{ $place }）
       *[other] { $count } 行が { $reason }（最初は{ $place }）
    }
predict-unpredicted = 警告: { $all } 行のうち { $count } 行は予測できませんでした: { $reasons }

## そのほかのコマンド

test-stays-sealed = 中断しました。テスト部分は開いていません
test-interrupting = 中断しています。テスト部分は開きません。もう一度押すとすぐに終了します
test-again = { $all } 個のネットワークのうち、残していない { $count } 個を学習し直します
test-chosen-as-asked = 設定 { $number }（{ $label }）、指定のとおり
test-chosen-only = ただ 1 つの設定
test-chosen-best = 設定 { $number }（{ $label }）、{ $metric } で最良
report-other-data = 警告: { $directory }: データが、学習に使ったものと異なります。決定面と混同行列は省きます
report-no-data = 警告: { $directory }: データを再び読めません（{ $reason }）。決定面と混同行列は省きます
export-file = { $file } を書き出しました
export-files = { $count } 個のファイルを { $directory } に書き出しました
submit-dry-run = { $shard } と { $merge } を書きました。投入はしていません
submit-done = { $name }: { $runs } 回の学習を { $shards } 個のシャードに分け、ジョブ { $job } として投入しました。結果はジョブ { $merge } が { $directory } にまとめます
submit-failed = 失敗した学習があるか、シャードをまとめられませんでした。詳しくは { $log } にあります
new-next = 次に実行するコマンド: { $command }

## 名前

check-missing-name =
    { $reader ->
        [both] pandas と R は、表にある名前 { $names } を欠損値とみなします
       *[pandas] pandas は、表にある名前 { $names } を欠損値とみなします
    }
check-missing-name-remedy = ほかの名前なら、どのプログラムでも読めます
check-missing-name-note = 空のセルだけを欠損値とするように指定することもできます: pandas では keep_default_na=False, na_values=[""]、R では na.strings = ""
windows-sign = Windows の名前には { $sign } を使えません
windows-end = Windows では、名前の末尾のピリオドと空白が取り除かれます
windows-device = Windows では { $name } はデバイスの名前です
check-windows-name = Windows では `{ $name }` を結果の名前にできません

## `runner new` が書くもの

left-no-name = R や pandas が書く行の名前の列のように、名前がありません
left-doubled = ほかの列と名前が同じです
left-empty = 空です
left-one-value = 値が 1 種類しかありません
left-missing = { $rows } 行のうち { $missing } 行で欠損しています
left-nearly-constant = { $rows } 行のうち { $others } 行を除いて、値が同じです
left-rounding = 丸め誤差を除けば、値がすべて同じです（{ $least } ～ { $most }）
left-not-computable = 計算できないほど大きい数、または小さい数があります
left-dates = 日付か時刻です
left-days = 年月日を並べた数字です
left-names = 名前のように、行ごとに異なる語です
left-many-words = { $rows } 行に { $words } 種類の語があります
left-rare-words = 学習するには行が少なすぎる語が { $count } 種類あります（`{ $word }` は { $rows } 行）
left-pandas-name = pandas が行の名前の列に付ける名前です
left-numbers = 行の番号にすぎません
left-numbers-shuffled = 行の番号を並べ替えたものです
left-identifier = 識別子のように、行ごとに値が異なります
left-named-identifier = 名前が識別子のものです（{ $values } 種類の値で区別しています）
left-rescaled = 正解値の単位を変えたものです
left-renamed = 正解値を別の語で表したものです
left-new-value = 訓練データにない値があります
left-split = 訓練データにある数値だけでは、欠損を埋めることもスケーリングもできません
new-list = { $names } ほか { $count } 個
new-few-rows = 行が少なすぎて、学習も評価も十分にはできないクラス: { $classes }
new-two-numbers = `{ $name }` の値は 2 種類で、数値として学習します。クラスであれば、語か、0 と 1 で書いてください
new-named = `{ $name }` はクラスの名前なので、整数をクラスとして学習します
new-counts = `{ $name }` は 0 から始まる個数で、小さい値ほど多いため、数値として学習します
new-whole-numbers = `{ $name }` は { $count } 種類の整数で、数値として学習します。クラスであれば、loss = "cross_entropy" とし、クラスごとに出力を 1 つ置いてください
new-question = { $target } はどこまで予測できるか
new-proposed = { $table } の { $rows } 行から作った案です。読んで、よくわかっているところは書き換えてください。
new-schema = `runner schema > { $path }` で、エディターがこのファイルの補完と検査に使うスキーマを書き出せます。
new-replicates = 学習率ごとの学習の回数。初期値の乱数だけが異なる
new-all-others = 特徴量はほかのすべての列: { $names }
new-left = `{ $name }` は使いません。{ $why }
new-alone = `{ $name }` は、ほかに列がないため使います。ただし、{ $why }
new-codes = 名前から番号とわかる整数。カテゴリーとして使う: { $names }
new-few-numbers = 種類の少ない整数。数値として使う（番号であれば `categorical` に書く）: { $names }
new-categorical = 値ごとに 1 つの入力になる
new-no-validation = 行が少ないため、検証データは取り分けない
new-validation = 5 分の 1 を取り分け、新しいデータでの性能を見る
new-folds = 行が少ないため、5 分の 1 ずつ順に検証データにする
new-stratify = 各クラスの割合を同じに保つ
new-scale = どの特徴量も平均 0、標準偏差 1 にする
new-scale-targets = 正解値も同様。単位によらず同じ学習率が使える。指標と予測は元の単位
new-names = 最初の行もデータなので、列にわかりやすい名前を付ける
new-missing-values = 欠損を表す表記
new-missing-number = 欠損した数値は、列の中央値にする
new-missing-word = 欠損した語は、1 つのカテゴリーとする
new-without-target = 正解値のない { $count } 行は使わない
new-layers = 入力、隠れ層のノード、出力の数。入力 { $inputs } 個、訓練データ { $samples } 個には、隠れ層のノード { $hidden } 個が適当です。
new-tanh = なめらかで、少ないサンプルからもよく学習できる
new-numbers = 数値: 平均二乗誤差
new-one-of-two = 2 つのうち 1 つ: ロジットの交差エントロピー
new-classes = { $count } 個のクラスのうち 1 つ: ソフトマックスの交差エントロピー
new-adam = どの重みにも 1 つの学習率でよい
new-full-batch = サンプルが少ないため、1 回の更新ですべてを使う
new-epochs = 最大
new-epochs-stopped = 最大。多くの学習は早期終了でその前に終わる
new-early-stopping = 最良のエポックのネットワークを残す
new-l2 = 重みを小さく保つ。サンプルが少ないほど強くする
new-rates = このサンプル数での Adam のふつうの学習率です。最もよく学習できるものを調べます。
new-rare = `{ $class }` は少なく、サンプルの { $share } % です。重みを付けないと、一度もそう答えなくても損失が小さくなります。
new-weights = 重みは、最も多いクラスの何分の 1 しかないかの平方根です。"balanced" では平方根をとりません。
new-balanced = 損失の中で、どのクラスも同じだけ数える
new-metrics = 後の 2 つは少ないクラスにも敏感
new-positive = f1 を求めるクラス

## 付属の実験のコメント。英語は experiments にあります

template-plane =
    平面を最もよく学習できるバッチサイズと学習率はどれか

    sgd（確率的勾配降下法。1 サンプルごとに更新するオンライン学習）が学習率 0.03 か 0.1 のときです。
    検証損失は 0.00016 と 0.00019 になり、両者に明確な差はありません。バッチを大きくするほど、適した
    学習率は大きくなり、到達できる損失は悪くなります。バッチサイズ 32 では学習率 0.3 で 0.00046、
    フルバッチでは 1.0 で 0.0032 です。学習率 1.0 は sgd には大きすぎ（すべての学習が発散します）、
    3.0 は 3 つとも大きすぎます。1 エポックの更新は sgd が 600 回、バッチサイズ 32 が 19 回、フルバッチが
    1 回なので、フルバッチは 100 エポックではまだ学習の途中です。

    3 通りのバッチ × 7 通りの学習率 × 5 回のくり返しで、105 回学習します。
template-plane-description = 平面を最もよく学習できるバッチサイズと学習率はどれか
template-plane-1 = Playground の平面: y = (x1 + x2) / 10、x1 と x2 は -6 ～ 6
template-plane-2 = 訓練データ 600 個、検証データ 600 個
template-plane-3 = 1 サンプルずつ
template-plane-4 = 32 サンプルずつ
template-plane-5 = 全サンプルを一度に
template-batch-regimes =
    学習率が同じとき、バッチの大きさによって何が変わるか

    100 エポックでどこまで学習できるかが変わります。sgd（1 サンプルごとに更新するオンライン学習）と
    バッチサイズ 4 は同じくらいです（検証損失は 0.00017 と 0.00018）。それより先は、バッチを 4 倍にすると
    損失が 2 ～ 4 倍になります。16、64、256 では 0.00053、0.0019、0.0048、600 個すべてでは 0.0096 です。
    使うサンプルはどれも同じですが、1 エポックの更新は sgd が 600 回、フルバッチが 1 回です。更新回数で
    比べると、16 より大きいものはどれも同じくらいで、0.009 に達するまでに約 100 回かかります。

    データは記事のものをファイルから読みます。訓練データ 600 個、検証データ 600 個です。
template-batch-regimes-description = 学習率が同じとき、バッチの大きさによって何が変わるか
template-learning-rates =
    学習率はどこまで大きくできるか

    このネットワークとデータでは、約 0.3 までです。0.03 ～ 0.3 では検証損失が 0.0008 ～ 0.0015 になり、
    明確な差はありません。1 では損失が大きく上下して、小さくなることはまれです（中央値は 0.6）。3 以上では、
    すべての学習が発散します。小さすぎる学習率にそのような害はありませんが、時間がかかります。0.0001 では
    50 エポックで 0.13 にしかならず、常に平均を答えるのと変わりません。

    ネットワークとバッチサイズは 1 通り、学習率は対数目盛りで等間隔の 13 通りです。
template-learning-rates-description = 学習率はどこまで大きくできるか
template-worked-example =
    手で計算した数値と一致するか

    重みを与えた 2-2-2 のネットワークに、サンプルを 1 つ入力します。最初の更新の前の損失は 0.314049... です
    （(予測値 - 正解値)^2 / 2 を 2 つの出力について平均した値）。
template-worked-example-description = 重みを与えた 2-2-2 のネットワークに、サンプルを 1 つ入力する
template-worked-example-1 = 隠れ層のノードごとに 1 行、入力ごとに 1 列
template-worked-example-2 = 出力層のノードごとに 1 行、隠れ層のノードごとに 1 列
template-xor =
    排他的論理和には、隠れ層のノードがいくつ必要か

    8 個は 4 個より、4 個は 3 個より、3 個は 2 個より明らかに優れています。未知の点を正しく分類できる割合は、
    順に 99 %、93 %、88 %、79 % です。正解値は x1 · x2 の符号なので、境界は十字になります。隠れ層のノード
    1 つにつき、境界を 1 度折り曲げられます。
template-xor-description = 排他的論理和には、隠れ層のノードがいくつ必要か
template-circle =
    円を学習するには、層を増やすのとノードを増やすのと、どちらがよいか

    損失では、大きな差ではないものの層を増やすほうです。4 ノードと 3 ノードの 2 層では 0.058、8 ノードの
    1 層では 0.065 になり、5 通りの初期値のどれでも、層の多いほうが優れています。正しく分類できた点の割合では
    ノードを増やすほうで、98 % 対 97 % です。-1 と +1 についての損失には、正しい側にあること以上のものが
    求められるためです。データは輪の中の円板で、正解値にはノイズがあります。パラメーターは、層の多いほうが
    31 個、ノードの多いほうが 33 個です。
template-circle-description = 円を学習するには、層を増やすのとノードを増やすのと、どちらがよいか
template-spiral =
    らせんを学習できる活性化関数はどれか

    ReLU と tanh です。どちらも学習率 0.1 のときが最もよく、検証損失は 0.18 と 0.25、未知の点を正しく分類
    できる割合は 89 % と 82 % です。ReLU は初期値によっては失敗するため、10 回のくり返しでは両者を区別
    できません。シグモイド関数は、どの学習率でもほとんど学習できません（0.47、60 %）。Playground のデータの
    中で最も難しく、2 本の腕を、8 ノードの隠れ層 2 つで、長く学習します。
template-spiral-description = らせんを学習できる活性化関数はどれか
template-playground =
    TensorFlow Playground が最初に表示するネットワークは、円を学習できるか

    10 回のうち 9 回は学習できます。200 エポックで、データの残り半分のすべての点が正しい側に入ります。
    10 通りの初期値のうち 1 つでは 89 % で終わります。設定は Playground の画面と同じで、500 個の点（半分は
    テスト用）、入力 x1 と x2、4 ノードと 2 ノードの隠れ層、tanh、バッチサイズ 10、学習率 0.03、-0.5 ～ 0.5 から
    選んだ重みです（バイアスだけは 0.1 でなく 0 から始めます）。
template-playground-description = TensorFlow Playground が最初に表示するネットワークは、円を学習できるか
template-csv =
    アヤメの分類に隠れ層は必要か

    このデータからはわかりません。未知の花を正しく分類できる割合は、隠れ層なしで 94.5 %、4 ノードで
    95.8 %、16 ノードで 96.0 % です。明確な差はなく、花が 150 個である限り、くり返しを増やしても差は
    はっきりしません。どの花も、その花を学習に使っていないネットワークで 4 回評価します（`folds`、
    `replicates`）。どの分割でも、各種類の割合は同じです（`stratify`）。
template-csv-description = アヤメの分類に隠れ層は必要か
template-csv-1 = 各 variant は、この間に層を加えます
template-csv-2 = 学習に使う 120 個を割り切る数
template-regression =
    糖尿病の進行を予測するとき、ニューラルネットワークは線形モデルより優れているか

    いいえ、劣ります。442 人の患者を 5 つに分け、分け方を 4 回引き直すと、線形モデルは未知の患者の分散の
    48 % を説明し（r2）、8 ノードの隠れ層では 31 % です。一方、学習に使った患者では 62 % 対 52 % なので、
    過学習です。早期終了で 0.03、重みの正則化（l2）で 0.02 ほど改善しますが、3 つの間に区別できる差は
    ありません。測定値の単位が異なるため、標準化しています。
template-regression-description = 糖尿病の進行を予測するとき、ニューラルネットワークは線形モデルより優れているか
template-regression-1 = 各 variant は、この間に層を加えます
template-optimizers =
    それぞれに最適な学習率で比べたとき、150 エポックでらせんを最もよく学習できる最適化手法はどれか

    Adam です。訓練損失は 0.14 で、SGD（0.49）とモーメンタム付き SGD（0.38）より明らかに優れています。
    Adagrad、RMSprop、Nadam はその間で（0.19 ～ 0.24）、12 回のくり返しでは Adam と区別できません。
    適した学習率は手法によって異なり、SGD には Adam の 10 倍が適しています。最適化だけを比べるので、
    検証データは取り分けません。
template-optimizers-description = それぞれに最適な学習率で比べたとき、らせんを最もよく学習できる最適化手法はどれか
template-mnist =
    小さなネットワークは手書き数字をどこまで正確に認識できるか

    200 ノードの隠れ層で MNIST の 8,000 枚を学習すると、別の 2,000 枚の 96.0 % を正しく認識します。
    10 エポックのうち 5 エポックでそこまで達し、残りでは学習に使った画像を覚えます（99.9 %）。学習率は
    cosine スケジュールで最後に 0 になり、l2 が重みを小さく保ちます。
template-mnist-description = 小さなネットワークは手書き数字をどこまで正確に認識できるか
