### What the program says in English. A message stands under the same name in every language's file,
### with the same placeholders; those of other files stand in the same order.

## Lists and numbers

list-between = {", "}
list-last = { $first } and { $last }
runs =
    { $runs ->
        [one] 1 run
       *[other] { $runs } runs
    }
number-of = { $count } of { $all }
number-of-with-ties =
    { $ties ->
        [one] { $count } of { $all }, 1 tie
       *[other] { $count } of { $all }, { $ties } ties
    }
number-interval = { $low } to { $high }
number-with-interval = { $value } ({ $low } to { $high })

## The headline

verdict-no-run = No run is finished yet.
verdict-unfinished = Unfinished: { $count } of { $all } runs.
verdict-nothing-in-common = No verdict: the configurations differ in { $differences }, so their { $metric } means different things, and there is no metric that all have.
verdict-on-part = On { $part }: { $verdict }
verdict-more-parts = And { $count } more.
verdict-no-run-with = Every run diverged or failed: there is no { $metric } to compare.
verdict-no-value = there is no { $metric } to compare.
verdict-undefined =
    { $why ->
        [targets] { $metric } is undefined in every run that ended: the targets that it is judged on do not vary. It can be compared by { $others }.
       *[samples] { $metric } is undefined in every run that ended: the samples that it is judged on do not give one. It can be compared by { $others }.
    }
verdict-value =
    { $count ->
        [one] a { $metric } of { $mean }
       *[other] a mean { $metric } of { $mean }
    }
verdict-beside = {" "}({ $column } { $value })
verdict-after =
    { $epochs ->
        [one] {" "}after 1 epoch
       *[other] {" "}after { $epochs } epochs
    }
verdict-after-range = {" "}after { $least } to { $most } epochs
verdict-one =
    { $count ->
        [0] One configuration, one replicate: its { $metric }{ $after } is { $mean }.
        [one] One configuration, one replicate: its { $metric }{ $after } is { $mean }.
       *[other] One configuration, { $count } replicates: its mean { $metric }{ $after } is { $mean }.
    }
verdict-one-with-interval = One configuration: its mean { $metric }{ $after } is { $mean }, with a 95 % interval from { $low } to { $high }.
verdict-range = from { $low } to { $high }
verdict-of-numbers = Of { $count } values of { $key } { $range }, { $leader } has the { $extreme } { $metric }{ $after }, { $mean }.
verdict-all-worse = All { $count } others are clearly worse.
verdict-none-worse = None of the { $count } others is clearly worse.
verdict-some-worse = { $worse } others are clearly worse; { $open } are not, { $range }.
verdict-none-since-lost = Runs were lost: with folds or splits there are counts and no verdict.
verdict-none-of-one-replicate = One replicate gives no verdict; with replicates = 5 or more there would be one.
verdict-none-since-the-same = The difference is the same in every replicate, so there is nothing to tell chance by: no verdict.
verdict-name-at = { $name } (at { $at })
verdict-tie = { $name } and { $others } tie at the { $extreme } { $metric }{ $after }, { $mean }.
verdict-extreme = { $name } has the { $extreme } { $metric }{ $after }, { $mean }.
verdict-extreme-on-average = { $name } has the { $extreme } { $metric } on average{ $after }, { $mean }.
verdict-better = { $name } is better than { $others }{ $after }, with { $value }.
verdict-unclear = { $name } has the { $extreme } { $metric }{ $after }, { $mean }, but there is no clear difference from { $others }.
verdict-leads = { $name } leads{ $after } with { $value }: better than { $better }; no clear difference from { $unclear }.
verdict-ties-with-it =
    { $count ->
        [one] { $names } ties with it.
       *[other] { $names } tie with it.
    }
verdict-but =
    { $why ->
        [lost] But { $name } is better in { $wins } of { $pairs } replicates: it stands lower for those that it lost.
       *[spoiled] But { $name } is better in { $wins } of { $pairs } replicates: a few bad runs spoil its mean.
    }
verdict-undecided = No verdict on { $names }.
verdict-at-equal-updates = After equally many updates it is worse than { $names }.
verdict-needs-other-samples = {" "}(more replicates of these samples cannot tell)
verdict-needs-too-many = {" "}(more than { $most } replicates would be needed to tell)
verdict-needs = {" "}(about { $counts } replicates could tell)
verdict-more-than = more than { $most }
verdict-all-others = all { $count } others
verdict-any-other = any of the { $count } others
verdict-others = { $count } others

## What needs no network

constant-value-of = a { $column } of { $value }
constant-not-beaten-on = No better than { $always }: the best network has a { $column } of { $network } on { $samples } samples, it has { $constant }.
constant-not-beaten = No better than { $always }: it has a { $column } of { $constant }.
constant-has = { $always } has { $values }
constant-between = {"; "}
constant-all = { $constants }.
constant-always = always saying { $answer }
constant-always-class = always saying `{ $class }`
constant-mean = the mean
constant-median = the median
constant-class-shares = the class shares
constant-commonest = the commonest of each target
constant-with-value = { $name } ({ $value })

## What is to be known of a ranking

judged-difference =
    { $key ->
        [training-loss] loss ({ $values })
        [data-scale_targets] target scaling ({ $values })
       *[training-class_weights] class weights ({ $values })
    }
judged-samples = samples { $number }
notes-instead-of = Ranked by { $metric } and not by { $asked }: the configurations differ in { $differences }, so the values of their losses mean different things.
notes-losses = The configurations differ in { $differences }: the values of their losses are not ranked.
notes-parts =
    { $part ->
        [train] The configurations are not judged on the same training part: those of { $parts } are not ranked against each other.
        [valid] The configurations are not judged on the same validation part: those of { $parts } are not ranked against each other.
       *[samples] The configurations are not judged on the same samples: those of { $parts } are not ranked against each other.
    }
notes-sureness = Ranked by { $metric }, which also counts how sure a network is of its answers; `runner compare DIR --metric { $beside }` ranks by { $beside }.
notes-chosen = { $metric } was chosen on validation data: the best of all epochs of a run looks better than new data would show it.
notes-kept-epoch = Each network is the one of its kept epoch, which early stopping chose on validation data.
notes-undefined = { $metric } is undefined in { $count } of { $all } runs, which are left out.
notes-exploded = { $count } of { $all } runs exploded: they stayed finite, but their training loss ended far above where it began. They count with their values.
notes-last-epoch = These results were written by an earlier version: their numbers are of the last epoch, and not of the network that early stopping restored.
notes-no-record =
    { $basis ->
        [samples] No record in common: one side ends before the first record of the other, and what lies before a record is not known. The means are the nearest there are, each after its own samples. With { $epochs } epochs for the shorter side there would be one.
       *[updates] No record in common: one side ends before the first record of the other, and what lies before a record is not known. The means are the nearest there are, each after its own updates. With { $epochs } epochs for the shorter side there would be one.
    }
notes-equal-samples = Both sides of every pair see as many samples in all: the comparison at the end of training is the one at equal samples seen.
footing-own-best = Each { $by } stands at its own best { $others }, chosen among up to { $tried } by the same { $metric }: the winner of many looks a little better than it is.
footing-folds =
    { $times ->
        [1] Each configuration is judged on each of { $folds } folds once; each replicate draws its folds anew, and { $varied }. Of each configuration the network of replicate 0, fold 0 is kept and drawn.
        [2] Each configuration is judged on each of { $folds } folds twice; each replicate draws its folds anew, and { $varied }. Of each configuration the network of replicate 0, fold 0 is kept and drawn.
       *[other] Each configuration is judged on each of { $folds } folds { $times } times; each replicate draws its folds anew, and { $varied }. Of each configuration the network of replicate 0, fold 0 is kept and drawn.
    }
footing-replicates = Between the { $replicates } replicates { $varied }.
footing-resampled = The runs learn from overlapping parts of the same samples, so the t-test and the intervals are the corrected ones (Nadeau and Bengio 2003): they stay wide however many replicates there are.
footing-lost = { $lost } of { $all } runs diverged or did not finish; they count against their configuration.
footing-stream =
    { $stream ->
        [init] the initial weights
        [shuffle] the order of the samples
        [data] the data
       *[split] the split
    }
footing-nothing-varied = nothing varied
footing-varied = { $varied } varied
footing-varied-and-same = { $varied } varied; { $same } stayed the same

## The ranking

ranked-verdict =
    { $verdict ->
        [best] best
        [better] better
        [worse] worse
        [tie] tie
       *[unclear] no clear difference
    }
ranked-better =
    { $but ->
        [lost] better in { $wins } of { $replicates }, but not in all that it lost
       *[spoiled] better in { $wins } of { $replicates }, but not on average
    }
ranked-better-short = better?
ranked-same = same?
ranked-same-never-tells = same? more runs cannot tell
ranked-same-could-tell = same? { $needed } replicates could tell
ranked-same-needed = same? { $needed } replicates
ranked-undefined = undefined
ranked-more = … and { $count } more in summary.csv
ranked-configuration = configuration
ranked-mean = { $metric } (mean)
ranked-mean-with-interval = { $metric } (mean ± 95 %)
ranked-median = median
ranked-runs = runs
ranked-diverged = diverged
ranked-diverged-short = lost
ranked-diverged-and-failed = { $diverged }, { $failed } failed
ranked-exploded = exploded
ranked-exploded-short = expl.
ranked-curve = curve
ranked-against-the-best = against the best
ranked-verdict-heading = verdict
ranked-all-diverged = all diverged
exchange-rank = rank
exchange-caption = { $metric }, { $caption }. { $note }
exchange-verdict-of-a = verdict of A

## What reaching one loss takes

target-reached-by = reached by
target-epochs = epochs
target-updates = updates
target-samples = samples
target-seconds = seconds
target-heading = to reach { $metric } { $value } (medians over the replicates that do):
target-at-most = ≤: the history does not have every epoch, and the value may have been reached between two records.
target-first = The first { $shown } of { $all }.

## The pairs

pairs-heading = { $footing }:
pairs-against-best = against the best
pairs-own-best = each at its own best
pairs-same-keys = all else equal
pairs-at-equal-updates = { $question }, at equal updates
pairs-at-equal-samples = { $question }, at equal samples seen
pairs-more = … and { $count } more in comparison.csv
pairs-wins = A wins
pairs-mean-after = { $mean } after { $at }
pairs-relation =
    { $relation ->
        [no-record] no record in common with
        [none] no verdict on
        [better] is better than
        [worse] is worse than
        [tie] ties with
       *[unclear] no clear difference from
    }
pairs-relation-short =
    { $relation ->
        [no-record] no record
        [none] no verdict
        [better] better
        [worse] worse
        [tie] ties
       *[unclear] same?
    }

## The test part

tested-one-run = one run
tested-replicates = { $count } replicates
tested-folds = { $count } folds
tested-first-look = The test part of { $samples } samples is opened: the first look. A choice that is made after a look is no longer tested on samples that nothing has seen.
tested-later-look = The test part of { $samples } samples is opened: the { $look } look. What was chosen or changed after the first look is no longer tested on samples that nothing has seen, and the figures flatter it.
tested-look =
    { $number ->
        [1] first
        [2] second
        [3] third
        [4] fourth
        [5] fifth
        [6] sixth
        [7] seventh
        [8] eighth
        [9] ninth
        [10] tenth
       *[other]
            { NUMBER($number, type: "ordinal") ->
                [one] { $number }st
                [two] { $number }nd
                [few] { $number }rd
               *[other] { $number }th
            }
    }
tested-mean = mean
tested-over-runs = 95 % over { $runs }
tested-over-samples = 95 % over { $samples } samples
tested-without-a-network = without a network

## Several experiments

across-data = the experiments do not have the same [data]: a difference may lie in it
across-seed = the experiments do not have the same seed: their replicates are paired by number alone, and start from nothing in common

## What the value of a key can be

values-bool = true or false
values-integer = a whole number, at least { $least }
values-finite = a finite number
values-finite-in = a finite number { $bound }
values-between = a number { $low } and { $high }
values-at-least = at least { $bound }
values-above = above { $bound }
values-at-most = at most { $bound }
values-below = below { $bound }
values-choice = one of { $words }
values-choice-or-table = one of { $words }, or a table with such a `{ $key }`
values-words-below = one of the words below
values-text = a text in quotes
values-name = a text that can name a directory
values-path = a path in quotes
values-list = a list of { $items }
values-list-at-least = a list of at least { $least } { $items }
values-integers = whole numbers, each at least { $least }
values-numbers = finite numbers
values-words = words in quotes
values-texts = texts in quotes
values-matrices = matrices, each a list of rows
values-lists-of-words = lists of words
values-lists-of-numbers = lists of numbers
values-pair = a list of two numbers, each { $item }
values-or = {", or "}
values-table = a table
values-tables = a list of tables
values-named = a table that gives each name { $kind }
values-variants = a table of named variants
values-expect = a table of what is expected, such as best.valid_loss.max = 0.01
values-sweep = a table, or a list of tables written [[sweep]]
values-bounds = bounds (max, min) of any column of numbers of runs.csv
values-pairs-of-names = a list of pairs of names

## What explains a key

explain-goes-with = goes with
explain-values = values
explain-default = default
explain-required = must be given
explain-none = none
explain-example = example
explain-keys = its keys
explain-more = runner explain KEY tells more of one of them.
reference-introduction =
    # Every key of an experiment file

    This page is written by the program from the table that also checks the files; a test compares the
    two. `runner explain KEY` tells the same of one key, and `runner schema` gives it to editors.

    A file is strict: an unknown key, a wrong type or a value out of range is an error that shows its
    place. A relative path is relative to the file that says it. `--set KEY=VALUE` overrides any key.
reference-file = The file
reference-sweep = [sweep] and [[sweep]]
reference-columns = | key | values | default | meaning |
reference-can-say = `{ $key }` can say:
reference-with = {" "}(with { $words })
reference-about-variants = `[variants.NAME]` overrides keys of `[data]`, `[model]`, `[training]` and `seed`:
reference-about-sweep = Every other key of a block is a key of the file, with a list of values or a range:
reference-about-ranges =
    Both bounds of a range belong to it; what lies between is rounded to twelve digits. In a random block
    `steps` can be left out: then any value between the bounds is drawn. Blocks written `[[sweep]]` are
    joined one after the other; a point that is reached twice is trained once.
reference-about-expect =
    What is expected of the results is judged after the run, by `runner compare` and by `runner report`. A
    miss is exit code 1 and a line that says by how much; `--junit FILE` writes a test for each. A bound is
    about the mean over all runs of a configuration: a run that diverged misses it.

## What a command comes to

note = note: { $note }
bytes =
    { $bytes ->
        [one] 1 byte
       *[other] { $bytes } bytes
    }
results-in = results in { $place }
error =
    { $undone ->
        [trained] nothing was trained
        [predicted] nothing was predicted
        [sealed] the test part stays sealed
        [computed] nothing was computed
       *[plain] the command ended with an error
    }
problems =
    { $undone ->
        [plain] { $count ->
            [one] 1 problem
           *[other] { $count } problems
        }
       *[other] { $count ->
            [one] 1 problem; { error }
           *[other] { $count } problems; { error }
        }
    }
run-kept = all runs that were finished are kept in { $directory }; the same command goes on from there
run-tables-not-written = warning: the finished runs are kept, but their tables cannot be written: { $error }
run-journal-damaged = warning: { $journal } is damaged: { $bytes } of { $runs } finished are lost and are trained again
run-journal-torn = warning: { $journal } ends in { $bytes } that are no whole run (a kill or a power failure cut it off, or they are damaged): { $runs } to train again
run-journal-removed =
    { $lost ->
        [0] warning: the journal in { $directory } was removed, replaced or emptied while runner was at work; it is written again, and no run is lost
        [one] warning: the journal in { $directory } was removed, replaced or emptied while runner was at work; it is written again, and 1 lost run is trained again
       *[other] warning: the journal in { $directory } was removed, replaced or emptied while runner was at work; it is written again, and { $lost } lost runs are trained again
    }
run-output-again = note: { $count } finished runs are trained again, since what [output] asks for was not kept of them: every row of history_every = { $every }, or every model
run-best-again = note: { $count } finished runs are trained again: by { $metric } they are the best of their configurations, whose models are to be kept (`runner compare { $directory } --metric { $metric }` trains nothing)
run-interrupting = interrupting: { $count } of { $all } runs are finished and kept in { $directory }; once more ends at once
run-cut-short =
    { $why ->
        [failed] stopped at the first run that failed
       *[interrupted] interrupted
    }: { $count } of { $all } runs are finished and kept in { $directory }{ $under_way ->
        [0] {""}
        [one] , and the state of 1 that is under way
       *[other] , and the states of { $under_way } that are under way
    }; the same command goes on from there{ $how ->
        [fresh] , without --fresh
       *[same] {""}
    }, and `{ $look }` shows them
run-done = { $name }: { $count } of { $all } runs ({ $trained } trained in { $seconds } s, { $kept } kept)
run-done-of =
    { $ending ->
        [stopped] { $count } stopped early
        [diverged] { $count } DIVERGED
        [exploded] { $count } EXPLODED
       *[failed] { $count } FAILED
    }
run-diverged = warning: in { $count } of { $all } runs a loss or a weight stopped being finite (status `diverged` in runs.csv): a smaller learning rate may help
run-exploded = warning: { $count } of { $all } runs exploded: they stayed finite, but their training loss ended more than { $times } times above where it began (`reason` in runs.csv): a smaller learning rate may help
run-unwatched = warning: in { $count } of { $all } runs early stopping watched a metric that is undefined (`reason` in runs.csv)
run-models-missing = warning: { $count } models are not there: run the experiment with --out { $directory }
run-all-diverged = error: every run of { $name } diverged
run-failed = error: run { $run } failed: { $reason }
run-begins-anew = warning: { $reason }: run { $run } begins anew
run-state-not-kept = warning: the state of a run cannot be kept ({ $error }): if training is interrupted, the run loses more than a minute
run-more-failed = error: … and { $count } more runs failed
merge-joined = { $name }: { $runs } runs of { $shards } shards joined in { $directory }
merge-models-missing = warning: { $count } models are in none of the shards: run the experiment with --out { $directory }
readout-begun-unreadable = warning: { $directory }: what was begun there later cannot be read; this is what was finished before ({ $reason })
readout-of-journal = { $file } of the journal in { $directory }
readout-unfinished = note: { $directory } is unfinished: { $count } of { $all } runs
readout-run = run { $run }
readout-named-run = run { $run } ({ $label })
readout-under-way = under way: { $run }, epoch { $epoch } of { $epochs }, train_loss { $train_loss }
readout-more-under-way = under way: … and { $count } more

## What is expected

expect-name = Expectations
expect-expected = expected
expect-outcome = outcome
expect-came-out = came out
expect-met = met
expect-missed = MISSED
expect-heading = { $count }:
expect-lead = Of what the experiment expects, { $count }.
expect-about = A bound is about the mean over all runs of a configuration; a verdict is that of the comparison.
expect-open = nothing can be judged yet
expect-none-met =
    { $all ->
        [one] the one expectation is missed
       *[other] all { $all } expectations are missed
    }
expect-all-met =
    { $all ->
        [one] the one expectation is met
       *[other] all { $all } expectations are met
    }
expect-some-met =
    { $met ->
        [one] 1 of { $all } expectations is met
       *[other] { $met } of { $all } expectations are met
    }
expect-unfinished = { $count } of { $all } runs are finished
expect-value = { $value } of { $name }
expect-too-high = { $value } of { $name }, { $by } too high
expect-too-low = { $value } of { $name }, { $by } too low
expect-more =
    { $count ->
        [one] { $words }; 1 more misses it
       *[other] { $words }; { $count } more miss it
    }
expect-lost = { $count } of { $all } runs of { $name } diverged or failed
expect-undefined = { $column } is undefined in { $count } of { $all } runs of { $name }
expect-no-value = there is no { $column } of { $name }
expect-no-name = no configuration has this name
expect-no-best = nothing is ranked, so no configuration is the best
expect-no-ranking = nothing is ranked, so there is no verdict
expect-other-samples = they are not judged on the same samples, so there is no verdict
expect-better = { $first } is better than { $second }
expect-worse = { $first } is worse than { $second }
expect-unclear = no clear difference of { $first } from { $second }
expect-tie = { $first } and { $second } are equal in every run
expect-no-verdict = there is no verdict on { $first } and { $second }
expect-with-means = { $words }: { $metric } { $first } against { $second }
expect-with-p = { $words }, { $p }
expect-with-needed = { $words }; { $count } replicates could tell
expect-misses = error: { $name } misses { $expectation }: { $words }
expect-no-test = warning: { $path } has no test: nothing is expected in [expect]

## The pictures

figure-by-epoch = { $column } by epoch
figure-epoch = epoch
figure-some-off-the-scale = some go off the scale
figure-curves =
    { $lines ->
        [dotted] Median over replicates with a band, for { $names }. The solid line is { $column }, the dotted one its counterpart.
       *[solid] Median over replicates with a band, for { $names }. The solid line is { $column }.
    }
figure-grid-of = { $metric } by { $across } and { $down }
figure-grid-legend =
    light is good, dark is bad{ $off ->
        [off] , darkest off the scale
       *[none] {""}
    }; × diverged in every replicate{ $some ->
        [lost] , beside a number in some
       *[none] {""}
    }
figure-grid = The median over replicates in each cell, light where it is good.
figure-cell-lost = { $label }: diverged in every replicate
figure-cell =
    { $lost ->
        [0] { $label }: median { $median }
       *[other] { $label }: median { $median } ({ $lost } diverged)
    }
figure-colours =
    { $colours ->
        [classes] Each class has a colour, paler where the network is less sure.
        [two-classes] Orange is the first class, blue the second, grey undecided.
        [logit] Orange is 0, blue 1, grey undecided.
        [signs] Orange is −1, grey 0, blue +1.
       *[numbers] Orange is the least target, blue the greatest, grey the middle.
    }
figure-surface-of = Decision surface of { $name }
figure-before = before training
figure-after = after
figure-surface = What the network says at each point of the plane before and after training, with samples.
figure-features = { $across } across, { $up } up
figure-says = What { $name } says
figure-answer = The network’s answer at each point of the plane after training, with samples; { $legend }
figure-whose = { $name }, replicate { $replicate }.
figure-network-of = The network of { $name } with its weights
figure-bias = bias { $bias }
figure-network-legend = orange below 0, blue above; the thickest line is { $greatest }
figure-network = Layers of { $sizes } nodes; each line is a weight.
figure-confusion-of = Confusion matrix of { $name }
figure-confusion-legend =
    { $of ->
        [valid] validation samples; rows: actual, columns: predicted
       *[train] training samples; rows: actual, columns: predicted
    }
figure-taken-for = { $actual } taken for { $predicted }: { $count } of { $total }
figure-confusion =
    { $of ->
        [valid] { $right } of { $all } validation samples are classified rightly.
       *[train] { $right } of { $all } training samples are classified rightly.
    }
figure-mistakes-of = What { $name } gets wrong
figure-mistake = { $is }, not { $said }
figure-mistakes =
    { $of ->
        [valid] { $count } of { $all } validation samples are taken for another class.
       *[train] { $count } of { $all } samples it learnt from are taken for another class.
    }
figure-mistakes-caption =
    { $of ->
        [valid] gets { $count } of { $all } validation samples wrong. The surest mistakes: what it is, and what the network said instead.
       *[train] gets { $count } of { $all } samples it learnt from wrong. The surest mistakes: what it is, and what the network said instead.
    }
figure-share-of = share that is { $class }
figure-probability-of = probability of { $class }
figure-share-right = share that is right
figure-probability-said = probability of the class said
figure-calibration-of = How sure { $name } is, and how right
figure-said = said { $said } on average, { $happened } of { $count }: { $share }
figure-calibration = A disc on the diagonal: of what it gives this probability, that share comes true.
figure-calibration-caption =
    { $of ->
        [valid] on { $all } validation samples: discs on the diagonal mean that its probabilities can be taken at their word, below it that it is too sure. The larger a disc, the more samples; lines are 95 % intervals.
       *[train] on { $all } samples it learnt from: discs on the diagonal mean that its probabilities can be taken at their word, below it that it is too sure. The larger a disc, the more samples; lines are 95 % intervals.
    }
figure-predicted-of = What { $name } predicts
figure-target-predicted = { $target } predicted
figure-target-in-truth = { $target } in truth
figure-truth-and-prediction = { $truth } in truth, { $prediction } predicted
figure-predicted = A disc on the diagonal is predicted rightly.
figure-predicted-caption =
    { $of ->
        [valid] on { $all } validation samples: what it predicts against what is true. On the diagonal it is right.
       *[train] on { $all } samples it learnt from: what it predicts against what is true. On the diagonal it is right.
    }
figure-against = { $metric } against { $key }
figure-point-median = : median { $median }
figure-point-range = , from { $low } to { $high }
figure-point-lost = {" "}({ $lost } of { $total } diverged)
figure-point-off = , off the scale
figure-crosses-off = × off the scale
figure-crosses = × diverged or off the scale
figure-sweep =
    { $marks ->
        [crosses] The median over replicates with its range, a line for each of { $lines } values; crosses mark diverged runs.
       *[none] The median over replicates with its range, a line for each of { $lines } values.
    }
figure-parallel-of = { $metric } by { $keys } keys
figure-parallel-off = { $count } of { $all } configurations diverged or are off the scale
figure-best-tenth = the best tenth stands out
figure-parallel = A line for each of { $configurations } configurations through its keys to its median; the best tenth stands out.
figure-importance = How much each key says of the rank
figure-importance-of = { $key }: { $share } ({ $low } to { $high })

## The page

page-title = { $name } – runner report
page-dark = Dark
page-contents = Contents
page-section =
    { $section ->
        [curves] Curves
        [sweep] Sweep
        [grid] Grid
        [keys] Keys
        [ranking] Ranking
        [test] Test
        [expectations] Expectations
        [comparison] Comparison
        [models] Models
       *[experiment] Experiment
    }
page-ranked-by = Ranked by
page-no-curves = No run got as far as the end of its first epoch: there is nothing to draw.
page-curves =
    { $band ->
        [none] { $column } in the course of training.
        [all] { $column } in the course of training: the median over replicates, in a band that holds all of them.
       *[most] { $column } in the course of training: the median over replicates, in a band that holds the middle 80 %.
    }
page-curves-drag = {" "}Drag over a part to see it large; a double click shows the whole again.
page-curves-drawn = { $drawn } of { $all } configurations are drawn here: the best of each { $by } and the best of the rest. All are in history.csv.
page-what-is-drawn = What is drawn
page-vertical-scale = Vertical scale
page-logarithmic = logarithmic
page-linear = linear
page-horizontal-axis = Horizontal axis
page-epochs = epochs
page-updates = updates
page-samples = samples
page-single-runs = single runs
page-smoothed = smoothed
page-whole-curve = whole curve
page-dotted = { $column }, dotted
page-sweep =
    { $others ->
        [best] The { $metric } at each { $key }: the median over replicates and, as a line, their range{ $curves }, with the other keys that suit it best.
       *[none] The { $metric } at each { $key }: the median over replicates and, as a line, their range{ $curves }.
    }
page-sweep-by =
    { $drawn ->
        [best] ; a curve for each of the { $count } best of { $levels } values of { $by }
       *[all] ; a curve for each { $by }
    }
page-edge =
    { $side ->
        [smallest] The best { $key } is the smallest that was tried: a better one may lie beyond it.
       *[greatest] The best { $key } is the greatest that was tried: a better one may lie beyond it.
    }
page-grid = The median { $metric } over two swept keys.
page-keys = A line for each configuration, through the values of its keys to its median { $metric }. The best tenth stands out.
page-importance = Which key says most of the rank
page-importance-note = ε² (Kelley 1935) of the ranks of the configurations’ means: the share of their variance that lies between the values of a key, 0 where it says nothing, 1 where it says all. Lines are 95 % intervals over configurations drawn with replacement; keys of many numbers are taken in five bins. It describes these configurations, and is no test: another range of a key would give it another share.
page-surfaces = What the best run of each configuration says at every point, before and after training, with samples it learnt from.
page-best-run = The best run of the best configuration.
page-further = { $count } further configurations
page-drawn-above = Of { $all } configurations those that are drawn above.
page-as-it-ran = The experiment as it ran, every default written out; running it again gives the same results.
page-seed = seed
page-made-by = made by
page-versions = runner { $runner }, engine { $engine }
page-data = { $train } samples to learn from
page-data-with-validation = { $train } samples to learn from, { $valid } to validate on
page-data-heading = data
page-manifest = Times, machine and command are in manifest.json: they may differ from one execution to the next, and nothing on this page does.
page-after-epoch = after epoch { $epoch }
page-film = The best configuration: what it says at each point of the plane, with samples it learnt from. Beneath, after which epoch.
page-film-of-another = What this configuration says at each point of the plane.
page-whose-surface = Whose surface
page-fact =
    { $fact ->
        [configurations] { $count ->
            [one] configuration
           *[other] configurations
        }
        [runs] { $count ->
            [one] run
           *[other] runs
        }
        [unfinished] runs
        [replicates] { $count ->
            [one] replicate of each
           *[other] replicates of each
        }
        [lost] diverged or unfinished
       *[exploded] exploded
    }
page-of = { $count } of { $all }
page-always = { $column }, always saying { $answer }
page-always-class = { $column }, always saying { $class }
page-best-mean = best mean
page-needs-other-samples = more replicates cannot tell
page-needs-too-many = more than { $most } replicates to tell
page-needs = { $needed } replicates could tell
page-to-reach = To reach { $metric } { $value }
page-to-reach-lead = The worst of the leading configurations’ medians at the end, so that each can reach it: what it takes them, as the median over the replicates that do.
page-to-reach-a-target = To reach a target
page-tested =
    { $over ->
        [folds] Tested is { $name }: the networks of { $runs }. The interval over folds says how much chance in training decides, the one over samples how much another draw of as many test samples would. Without a network stands what always saying the commonest class, the class shares, the mean or the median comes to.
       *[replicates] Tested is { $name }: the networks of { $runs }. The interval over replicates says how much chance in training decides, the one over samples how much another draw of as many test samples would. Without a network stands what always saying the commonest class, the class shares, the mean or the median comes to.
    }
page-test-part = Test part
page-ranking =
    { $lost ->
        [lower] Every configuration by its mean { $metric }; those that lost more of their replicates stand further down.
       *[none] Every configuration by its mean { $metric }.
    }
page-ranking-left-out = Of each configuration summary.csv also has: { $columns }.
page-ranking-note = Intervals are 95 % of the mean, by Student’s t, from three values on. “Against the best” is a paired comparison with the first row; the table of pairs says how it was corrected.
page-ranking-of-one-replicate = One replicate each: no intervals and no verdicts.
page-mean-with-interval = mean ± 95 %
page-interval = interval
page-iqm = IQM
page-sd = sd
page-first-rows = The first { $shown } of { $all }; all are in summary.csv.
page-method = { $pairs ->
        [folds] Replicate r of every configuration starts from the same seed and has the same folds, so configurations are compared fold by fold
       *[replicates] Replicate r of every configuration starts from the same seed, so configurations are compared replicate by replicate
    }. { $compared ->
        [differences] Differences are tested by a { $test ->
            [resampled] corrected resampled
           *[paired] paired
        } t-test
       *[ratios] Losses differ in proportion, so their ratios are tested: a { $test ->
            [resampled] corrected resampled
           *[paired] paired
        } t-test of the logarithms
    }; { $test ->
        [resampled] where a run was lost there are counts and no verdict
       *[paired] where a run diverged, by ranks, with the diverged run last
    }. p-values are corrected by Holm over all pairs of a table; a pair that stands in several tables has those of the one that says which value is best.
page-one-replicate = One replicate gives no verdict: chance cannot be told from a difference.
page-pairs-heading =
    { $footing ->
        [own-best] Each at its own best
        [own-best-updates] At equal updates
        [own-best-samples] At equal samples seen
        [same-keys] All else equal
        [same-keys-updates] All else equal, at equal updates
       *[same-keys-samples] All else equal, at equal samples seen
    }
page-pairs-note =
    { $footing ->
        [own-best] Every { $by } with those other keys that suit it best. They were chosen by the same numbers, which flatters all of them a little.
        [own-best-updates] The same configurations after as many updates as the shorter of the two makes.
        [own-best-samples] The same configurations after as many samples as the shorter of the two sees.
        [same-keys] Every { $by } against every other where all other swept keys are the same.
        [same-keys-updates] After as many updates as the shorter of the two makes.
       *[same-keys-samples] After as many samples as the shorter of the two sees.
    }
page-pairs = { $count } pairs
page-at = at
page-basis =
    { $basis ->
        [updates] updates
        [samples] samples
       *[end] end
    }
page-mean-of = mean { $side }
page-first-pairs = The first { $shown } of { $all } pairs; all are in comparison.csv.
page-after = after { $at }
page-verdict =
    { $verdict ->
        [better-b-lost] A is better: B never finishes
        [worse-a-lost] A is worse: it never finishes
        [better] A is better
        [worse] A is worse
        [tie] tie
        [both-lost] both never finish
        [none] no verdict
       *[unclear] no clear difference
    }
page-no-record = not known: { $level } has no record before { $first }

## The page's script

script-light = Light
script-filter = Filter
script-filter-rows = Show the rows with these words
script-first = The first { $count }
script-all = All { $count }
script-of = { $count } of { $all }
script-play = Play the training
script-at-epoch = epoch { $epoch }
script-epoch = Epoch
script-close = Close
script-enlarge = Enlarge: { $picture }
script-curves = { $column } by { $by }, { $count } curves. Left and right arrows read the values, plus and minus zoom.
script-one-leaves = one curve leaves
script-some-leave = {" "}curves leave
script-the-scale = {" "}the scale (up to { $farthest })
script-samples-seen = samples seen
script-ring = {" "}· a ring is a curve’s first record
script-first-record = first record after { $count }
script-ended = ended after { $count }

## Warnings of what is legal but probably not meant

check-zeros = all nodes of a hidden layer start equal
check-zeros-remedy = try "xavier_uniform"
check-equal = all nodes of hidden layer { $layer } start equal
check-equal-remedy = let their weights differ
check-stay-equal = they get the same gradients and stay equal for ever, as if there were only one
check-reach = the output's activation cannot reach the targets: { $activation } { $reach ->
        [between] only reaches { $low } to { $high }
        [above] never goes below { $low }
       *[below] never goes above { $high }
    }, the targets go from { $least } to { $most }
check-reach-remedy = "identity" reaches every number
check-scales-no-metric = there is no metric that all have: there will be no verdict
check-scales-instead = they are compared by { $metric } instead
check-scales =
    { $key ->
        [training-loss] the configurations differ in loss ({ $values }), so values of their { $metric } are not ranked
        [data-scale_targets] the configurations differ in target scaling ({ $values }), so values of their { $metric } are not ranked
       *[training-class_weights] the configurations differ in class weights ({ $values }), so values of their { $metric } are not ranked
    }
check-scales-note = `compare.metric` can name a metric that all of them have
check-parts =
    { $part ->
        [train] the configurations are not judged on the same training part
       *[valid] the configurations are not judged on the same validation part
    }
check-parts-remedy = those of different ones are not ranked against each other
check-parts-note = verdicts stand among those that share it
check-undefined =
    { $part ->
        [train] train_r2 is undefined: the targets of the training part are all equal
       *[valid] valid_r2 is undefined: the targets of the validation part are all equal
    }
check-undefined-remedy =
    { $part ->
        [train] train_loss is defined
       *[valid] valid_loss is defined
    }
check-batch = `training.batch_size` is { $size }, but there are only { $samples } samples to learn from
check-batch-remedy = "full" says what this does
check-last-batch-divides = { $size } divides { $samples }
check-last-batch-leaves = { $size } leaves a last batch of { $last }
check-last-batch = the last batch of every epoch has 1 sample: { $samples } samples in batches of { $size }
check-last-batch-note = its update is as strong as the others', and as noisy as online learning's
check-class-weights = class weights cancel in batches of one sample: w l / w is l
check-class-weights-remedy = take larger batches
check-class-weights-note = the reported losses are weighted, the updates are not
check-dropout = `model.dropout` drops outputs of hidden layers, and this network has none
check-dropout-remedy = leave it out
check-watches-training = early stopping watches the training loss: there is no validation data
check-watches-training-remedy = set data.validation, as in validation = 0.2
check-step = the learning rate never falls: its first step is after epoch { $step_size }, and there are { $epochs }
check-step-remedy = take a smaller step_size, or more epochs
check-milestone = the milestone { $milestone } is never reached: there are { $epochs } epochs
check-milestone-remedy = leave it out, or take more epochs
check-cosine = the learning rate rises again after epoch { $t_max }: `t_max` is below the { $epochs } epochs
check-cosine-remedy = t_max is usually the number of epochs
check-linear = the learning rate does not reach its end: `total_iters` is { $total_iters }, and there are { $epochs } epochs
check-linear-remedy = take as many epochs, or fewer total_iters
check-patience = early stopping never stops: its patience is { $patience }, and there are { $epochs } epochs
check-patience-remedy = take a smaller patience, or more epochs
check-start-note = the training starts from another function than the stored one
check-start-activations = { $file } was trained with the activations { $activations }
check-start-here-they = here they are { $values }
check-start-here-it = here it is { $value }
check-start-here-named = here it is `{ $name }`
check-start-order = features = [{ $features }] has the order of the model
check-start-input = input { $number } of { $file } is `{ $name }`
check-start-scaled-input = input `{ $name }` of { $file } is { $scaling }
check-start-scaled-target = target `{ $name }` of { $file } is { $scaling }
check-start-classes = the classes of { $file } are { $classes }
check-start-not-scaled = not scaled
check-rate = the learning rate of { $rate } is beyond what the first step bears
check-rate-remedy = below { $bound } it would go down
check-rate-note = at the initial weights the loss has a curvature of { $curvature }; above 2 / curvature every step overshoots
check-one-value = every sample to learn from has the same value: there is nothing to learn
check-one-class = every sample to learn from has the same class, { $class }: there is nothing to learn
check-one-class-remedy = take other data, or another target
check-constant =
    { $how ->
        [same] `{ $name }` has the same value in all of the training part
       *[nearly] `{ $name }` has nearly the same value in all of the training part
    }
check-constants =
    { $how ->
        [same] { $count } features have the same value in all of the training part
       *[nearly] { $count } features have nearly the same value in all of the training part
    }
check-constant-remedy = { $count ->
        [one] it becomes
       *[other] they become
    }{" "}{ $how ->
        [same] 0 as an input
       *[nearly] the noise of rounding as an input
    }
check-constant-names =
    { $more ->
        [0] they are: { $names }
       *[other] they are: { $names } and { $more } more
    }
check-binary = every target is 0 or 1, which the loss treats as any number
check-binary-remedy = loss = "bce" is made for them
check-binary-note = and it reports the accuracy
check-classes = the targets look like classes: the whole numbers from 0 to { $last }
check-classes-remedy = loss = "cross_entropy" is made for classes
check-classes-note = the output layer then has { $count } nodes; as numbers, class 2 lies between 1 and 3
check-feature = feature { $number }
check-scale = the features are of very different scale: the standard deviation of { $wide } is { $most }, that of { $narrow } is { $least }
check-scale-remedy = scale = "standardize" makes them alike
check-no-effect = the swept `{ $key }` changes nothing
check-no-effect-remedy = all of its values make the same runs
check-no-effect-note = each is trained once; leave it out of the sweep
check-same-value = { $value } of the swept `{ $key }` makes the same runs as another value
check-same-value-remedy = they are trained once; leave it out
check-full-batches = these swept batch sizes are all the full batch of { $samples } samples: { $sizes }
check-full-batches-remedy = they learn the same; keep "full" alone
check-overridden = the variant `{ $variant }` sets `{ $key }`, which the sweep overrides
check-overridden-remedy = this value is never used
check-one-run = one run per configuration cannot tell a difference from chance
check-one-run-remedy = set replicates = 5
check-one-run-note = the initial weights and the order of the samples are drawn at random
check-replicates = the { $replicates } replicates cannot differ: nothing in them is drawn at random
check-replicates-remedy = one is enough
check-replicates-note = the initial weights are given, and the samples come in one order
check-edge =
    { $edge ->
        [least] the best configuration has the least swept `{ $key }`, { $value }
       *[greatest] the best configuration has the greatest swept `{ $key }`, { $value }
    }
check-edge-remedy =
    { $edge ->
        [least] a smaller one may be better still
       *[greatest] a greater one may be better still
    }
check-edge-note = only the new values are trained when the sweep is extended
check-ok =
    { $warnings ->
        [0] { $file }: ok, { $configurations }, { $runs }
       *[other] { $file }: ok, { $configurations }, { $runs }, { $warnings ->
            [one] 1 warning
           *[other] { $warnings } warnings
        }
    }
configurations =
    { $count ->
        [one] 1 configuration
       *[other] { $count } configurations
    }

## What a trace says

trace-title = { $name }: epoch { $epoch }, step { $step }
trace-folded = { $count } more like these (--full shows them)
trace-layer =
    { $place ->
        [output] Layer { $layer }, the output: { $nodes } × { $activation }
       *[hidden] Layer { $layer }: { $nodes } × { $activation }
    }
trace-layer-number = Layer { $layer }
trace-given = What is given
trace-indices = w⁽¹⁾₁₂ is the weight of node 1 of layer 1 for its input 2: the node stands first, as the row of the matrix. The input is not counted as a layer: layer 1 is the first after it. In a text that writes the input first and counts it as layer 1, the same weight is w₂₁ of layer 2.
trace-class-index = The target t is the index of the class, counted from 0.
trace-forward = Forward
trace-forward-note = Each node adds its bias b and its inputs times their weights w to the weighted sum u; its activation function f makes the output z of it.
trace-dropout = Dropout: r is 0 for a share of { $rate } of the outputs, drawn anew for each sample, and 1 / (1 − { $rate }) for the others. The next layer gets d.
trace-loss = Loss: { $loss }
trace-logits = m is the greatest of the logits; taking it out of the exponentials keeps them finite.
trace-sample-weight = ω is the weight of the sample's class. The loss of the batch is the sum of the L, divided by the sum of the ω.
trace-loss-of-outputs = The loss L of a sample is the mean over its { $outputs } outputs; E below is the sum, before that mean.
trace-loss-of-one-output = With one output, E below is the same as L.
trace-backward = Backward
trace-backward-note = From the output back to the input: how E changes with each output z, each weighted sum u (this is δ), each weight and each bias.
trace-input = The input
trace-input-note = How E changes with each input. Training has no use for it, since inputs are given.
trace-batch = The gradient of the batch
trace-batch-weighted = The gradients of the batch's samples are added (G) and divided by the sum Ω of the samples' weights (g). The second index of a bias's gradient is 0.
trace-batch-mean = The gradients of the batch's samples are added (G) and divided by the number of terms (g): { $counts } = { $terms }. The second index of a bias's gradient is 0.
trace-terms = { $samples ->
        [one] 1 sample
       *[other] { $samples } samples
    } × { $outputs ->
        [one] 1 output
       *[other] { $outputs } outputs
    }
trace-penalties = The penalties add their derivatives: λ₂ w for half the sum of squares, λ₁ sign(w) for the sum of absolute values; biases have none.
trace-clip-value = Each gradient is limited to −{ $limit } … { $limit }.
trace-clip-norm = All gradients together are shortened where their norm ‖g‖ is above the limit c.
trace-update = Update: { $optimizer }
trace-sgd = Each parameter goes against its gradient, η times as far.
trace-momentum = p is the momentum: the sum of the gradients so far, each older one times μ once more.
trace-adagrad = s is the sum of the squared gradients so far.
trace-rmsprop = v is the running mean of the squared gradients, m that of the gradients (where centred), p the momentum.
trace-adam = m is the running mean of the gradients and v that of their squares; dividing by 1 − βᵗ makes up for their start at 0.
trace-time = This is update t = { $update } of the run.
trace-fact-run = run
trace-run = number { $run } ({ $runs } in all, counted from 0), replicate { $replicate }
trace-run-of-fold = number { $run } ({ $runs } in all, counted from 0), replicate { $replicate }, fold { $fold }
trace-fact-network = network
trace-fact-loss = loss
trace-epoch = epoch
trace-epoch-of = { $epoch } of { $epochs }
trace-step = step
trace-step-of = { $step } of { $steps } in this epoch, update { $update }
trace-fact-sample = sample
trace-sample-of = { $sample } of { $samples } in the batch (row { $row } of the training data, from 0)
trace-fact-numbers = numbers
trace-numbers = exact in the results; eight significant digits inside formulas
trace-path = What led to the divergence
trace-first-not-finite = In this step the first value that is not finite is { $symbol } = { $value }.
trace-all-finite = In the sample that is shown every value is finite.
trace-path-note = Where it began: each row is a step at which the loss of the batch, the greatest of the last { $steps } steps, rose for good above a further power of ten; the last rows are the step before the divergence and the step itself. Gradient and parameter are the largest in absolute value.
trace-batch-loss = loss
trace-largest-gradient = largest gradient
trace-largest-parameter = largest parameter
trace-sum-or-mean = Sum or mean: where a printed example may differ
trace-sum-or-mean-note = The training above updates by the mean g over { $counts }. A text that multiplies the learning rate with the summed gradient itself makes steps { $terms } times as long, and its new parameters are the ones below.
trace-check = Check by differences
trace-check-note = Each parameter is moved a little up and down; the change of the batch's mean loss, divided by the change of the parameter, must be the gradient g (before penalties and clipping).
trace-gradient = gradient
trace-difference = difference quotient
trace-error = relative error
trace-compared-some = { $count } of { $all } gradients were compared, evenly spread; all would take too long.
trace-corners = { $count } could not be compared: the loss has a corner there (NaN in the table).
trace-check-verdict =
    { $verdict ->
        [agree] Largest relative error: { $largest }; up to { $tolerance } is allowed: the gradients agree.
       *[differ] Largest relative error: { $largest }; up to { $tolerance } is allowed: THE GRADIENTS DO NOT AGREE.
    }
trace-contents = Contents
trace-compared = { $count } of { $all } gradients compared; largest relative error { $largest }, { $tolerance } allowed
trace-diverging = { $count } of { $runs ->
        [one] 1 run
       *[other] { $runs } runs
    } diverge; run { $run } is shown, --run N shows another:
more-configurations =
    { $count ->
        [one] … and 1 more configuration
       *[other] … and { $count } more configurations
    }

## What lies ahead

plan-exist = exist
plan-new = new
plan-updates = updates
plan-multiply-adds = multiply-adds
plan-summary = { $name }: { $configurations }, { $runs }; { $exist } exist in { $directory }, { $new } are to be trained
plan-work = to be trained: { $epochs } epochs, { $updates } updates, { $multiply_adds } multiply-adds
plan-about = about { $time }
plan-a-moment = about 1 s or less
plan-cost = { $time } on { $threads ->
        [one] 1 thread
       *[other] { $threads } threads
    } (from a short measurement on this machine), { $disk } on disk, { $memory } of memory
threads-few =
    { $threads ->
        [one] warning: the system gives 1 thread of { $cores } (a limit on processes or memory?): training takes longer, and its results are the same
       *[other] warning: the system gives { $threads } threads of { $cores } (a limit on processes or memory?): training takes longer, and its results are the same
    }
usage-key = {"  "}tip: a key of the experiment is overridden with --set { $key }=VALUE
usage-error = the command line cannot be carried out

## The progress of a training

progress-runs = { $percent } % · { $count } of { $all } runs
progress-lost =
    { $what ->
        [diverged] { $count } diverged
       *[failed] { $count } failed
    }
progress-left = { $time } left
progress-work = { $count } of { $all } multiply-adds · { $updates } updates/s
progress-beginning = beginning
progress-epoch = epoch { $epoch } of { $epochs }
progress-running = running: { $run }
progress-best = best so far: { $metric } { $value }
progress-best-of = best so far: { $metric } { $value } ({ $label })
duration-seconds = { $seconds } s
duration-minutes = { $minutes } min
duration-hours = { $hours } h { $minutes } min

## A verification

verify-other-engine = warning: the results were made by version { $version } of the engine, this is version { $own }: the numbers may differ for that reason
verify-other-data = warning: { $directory }: the data is not what the runs were trained on: its SHA-256 is another, and so the numbers will be
verify-interrupting = interrupting: nothing will be compared; once more ends at once
verify-nothing-compared = interrupted: nothing was compared
verify-same =
    { $files ->
        [one] { $directory }: trained again in { $seconds } s; 1 file is the same to the bit
       *[other] { $directory }: trained again in { $seconds } s; all { $files } files are the same to the bit
    }
verify-differs = { $directory }: { $count ->
        [one] 1 difference
       *[other] { $count } differences
    } in { $files } of { $all } files; the first: { $file }, { $place }: { $stored } is stored, { $again } comes out
verify-left = not compared: { $left }
verify-manifest = times, machine and command in manifest.json
verify-journal = the journal in .runner
verify-more = and { $count } more
verify-file = file
verify-place = place
verify-stored = stored
verify-again = again
difference-file = the file
difference-there = there
difference-not-there = not there
difference-no-manifest = not there, or no manifest
difference-same = bytes that mean the same
difference-nothing = nothing
difference-row = a row
difference-no-row = no row
difference-line = line { $line }
difference-line-of = line { $line } ({ $name })
difference-line-of-epoch = line { $line } ({ $name }, epoch { $epoch })
difference-character = line { $line }, character { $character }
difference-model = a model
difference-no-model = no safetensors file
difference-metadata = metadata { $key }
difference-one-of-both = one of both
difference-byte = byte { $place }
difference-byte-of = { $byte } ({ $bytes } in all)

## Whether results are as they were written

warning = warning: { $warning }
soundness-no-manifest = { $directory } has no { $manifest } that says what its files were: they are taken as they are
soundness-more = { $directory }: … and { $count } more files differ
misfit-gone = { $file } is gone
misfit-size = { $file } was changed: it has { $found } bytes, and { $said } were written
misfit-content = { $file } was changed: its digest is not the one in { $manifest }
misfit-unreadable = { $file } cannot be read ({ $cause })

## A stored model

model-chosen = model { $name }: replicate { $replicate }, { $standing }
model-chosen-of = model { $name }: replicate { $replicate } of configuration { $number }, { $label }, { $standing }
model-best = the best by { $metric }
model-first = the first by { $metric }; none is the best alone
model-origin = run { $run } of { $experiment }: { $label }, replicate { $replicate }
model-origin-fold = fold { $fold }
model-origin-epoch = epoch { $epoch }
show-run-of-key = the run of key { $key }
show-label =
    { $about ->
        [from] from
        [network] network
        [loss] loss
        [weights] weights
        [positive] positive
        [dropout] dropout
        [features] features
        [targets] targets
       *[classes] classes
    }
show-parameters =
    { $count ->
        [one] 1 parameter
       *[other] { $count } parameters
    }
show-logits = { $loss }; the outputs are logits
show-class-weights = of classes: { $weights }
show-dropout = { $rates } while training
show-filled = { $feature }; { $value } where it is missing
show-scaled-target = { $target }: output · { $divisor }{ $offset }
show-more =
    { $what ->
        [features] and { $count } more features
       *[targets] and { $count } more targets
    }
show-list = { $shown } and { $count } more
show-all-numbers = --json has all { $count } weights and biases
show-layer = layer { $layer } ({ $activation }): weights, bias of each node

## Predictions

predict-samples =
    { $count ->
        [one] 1 sample
       *[other] { $count } samples
    }
predict-undefined = { $name } undefined
predict-judged = {" "}(of the { $count } with a known target)
predict-place = predictions in { $place }
predict-other-dialect = warning: the data is not written as the training data was; it was read with { $dialect }
predict-line = in line { $line }
predict-sample = in sample { $sample }
predict-column = { $place }, column `{ $column }`
predict-reason =
    { $count ->
        [one] 1 { $reason } ({ $place })
       *[other] { $count } { $reason } (first { $place })
    }
predict-unpredicted = warning: { $count } of { $all ->
        [one] 1 row
       *[other] { $all } rows
    } could not be predicted: { $reasons }

## Other commands

test-stays-sealed = interrupted: the test part stays sealed
test-interrupting = interrupting: the test part stays sealed; once more ends at once
test-again = { $count } of { $all } networks were not kept and are trained again
test-chosen-as-asked = configuration { $number }, { $label }, as asked for
test-chosen-only = the one configuration
test-chosen-best = configuration { $number }, { $label }, the best by { $metric }
report-other-data = warning: { $directory }: the data is not what the runs were trained on; decision surfaces and confusion matrices are left out
report-no-data = warning: { $directory }: the data cannot be had again ({ $reason }); decision surfaces and confusion matrices are left out
export-file = wrote { $file }
export-files = wrote { $count } files to { $directory }
submit-dry-run = wrote { $shard } and { $merge }; nothing was submitted
submit-done = { $name }: { $runs } runs in { $shards } shards are submitted as job { $job }, to be joined in { $directory } by job { $merge }
submit-failed = some runs failed, or the shards could not be joined: { $log } says which
new-next = now: { $command }

## Names

check-missing-name =
    { $reader ->
        [both] pandas and R read the name { $names } in the tables as a missing value
       *[pandas] pandas reads the name { $names } in the tables as a missing value
    }
check-missing-name-remedy = another name is read by all programs
check-missing-name-note = or they are told that only the empty cell is missing: keep_default_na=False, na_values=[""] in pandas, na.strings = "" in R
windows-sign = Windows has no names with { $sign }
windows-end = Windows drops a point or a blank at a name's end
windows-device = Windows keeps the name { $name } for a device
check-windows-name = `{ $name }` cannot name the results on Windows

## What `runner new` writes

left-no-name = has no name, as the row names have that R and pandas write
left-doubled = shares its name with another column
left-empty = is empty
left-one-value = has only one value
left-missing = is missing in { $missing } of { $rows } rows
left-nearly-constant = has one value in all but { $others } of { $rows } rows
left-rounding = is constant but for rounding: its numbers lie between { $least } and { $most }
left-not-computable = has numbers too large or too small to compute with
left-dates = holds dates or times
left-days = holds days as digits (year, month, day)
left-names = has another word in each row, as a name has
left-many-words = holds { $words } different words in { $rows } rows
left-rare-words = has { $count ->
        [one] 1 word
       *[other] { $count } words
    } of too few rows to learn from (`{ $word }`: { $rows })
left-pandas-name = has the name that pandas gives to row names
left-numbers = only numbers the rows
left-numbers-shuffled = numbers the rows, in another order
left-identifier = has another value in each row, as an identifier has
left-named-identifier = is named as an identifier: { $values } values tell things apart
left-rescaled = is the target on another scale
left-renamed = says the target in other words
left-new-value = has a value that the part to train on does not have
left-split = has too few numbers in the part to train on to be filled or scaled
new-list = { $names } and { $count } more
new-few-rows = classes of too few rows to be learnt and judged well: { $classes }
new-two-numbers = `{ $name }` has two values, learnt as numbers: if they are classes, write them as words or as 0 and 1
new-named = `{ $name }` is named as classes are: its whole numbers are learnt as classes
new-counts = `{ $name }` counts from 0, and most often few: learnt as a number
new-whole-numbers = `{ $name }` has { $count } different whole numbers, learnt as numbers: if they are classes, use loss = "cross_entropy" and an output for each
new-question = How well can { $target } be predicted?
new-proposed = Proposed from the { $rows } rows of { $table }: read it, and change what you know better.
new-schema = `runner schema > { $path }` writes what an editor completes and checks this file with.
new-replicates = runs per learning rate; they differ in their random start
new-all-others = the features are all other columns: { $names }
new-left = `{ $name }` is left out: it { $why }
new-alone = `{ $name }` { $why }: it is used since there is no other column
new-codes = whole numbers that their names call codes, used as categories: { $names }
new-few-numbers = few different whole numbers, used as numbers: { $names }; name in `categorical` what are codes
new-categorical = an input for each of their values
new-no-validation = so few rows that none can be kept for validation
new-validation = a fifth is kept to see how well it does on new data
new-folds = so few rows that each fifth has its turn for validation
new-stratify = with the same share of each class
new-scale = every feature gets mean 0 and standard deviation 1
new-scale-targets = and so does the target: one rate suits targets of any unit; metrics and predictions keep its unit
new-names = the first line is a row: give the columns better names
new-missing-values = what stands for a missing cell here
new-missing-number = a missing number gets its column's median
new-missing-word = a missing word is a category of its own
new-without-target =
    { $count ->
        [one] 1 row without a target is left out
       *[other] { $count } rows without a target are left out
    }
new-layers = Inputs, hidden nodes, outputs: { $hidden } hidden nodes suit { $inputs ->
        [one] 1 input
       *[other] { $inputs } inputs
    } and { $samples } samples to train on.
new-tanh = smooth: learns well from few samples
new-numbers = numbers: the mean squared error
new-one-of-two = one of two: the cross-entropy of a logit
new-classes = one of { $count } classes: the cross-entropy of a softmax
new-adam = takes one rate for weights of any kind
new-full-batch = so few samples that one update sees them all
new-epochs = at most
new-epochs-stopped = at most: early stopping ends most runs before
new-early-stopping = the network of the best epoch is kept
new-l2 = keeps weights small, the more so the fewer the samples
new-rates = The usual rates of Adam for so many samples: see which one learns best.
new-rare = `{ $class }` is rare, { $share } % of the samples: without weights, never to say it would be cheap.
new-weights = Each weight is the square root of how much rarer its class is than the most common one; "balanced" goes all the way.
new-balanced = each class counts as much as any other in the loss
new-metrics = the last two see a rare class
new-positive = the class that f1 speaks of
