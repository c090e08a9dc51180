# Medians of what bench/run measured, as a table, as JSON and as a chart.
# Reads "scenario program key value round", tab-separated; without a program it is of the
# scenario.
BEGIN { FS = "\t" }

$2 == "" { about[$1, $3] = $4 }
!($1 in known) { known[$1]; scenarios[++scenario_count] = $1 }
$2 != "" && !(($1, $2) in known) { known[$1, $2]; present[$1] = present[$1] " " $2 }
$2 != "" { value[$1, $2, $3, $5] = $4; rounds = $5 > rounds ? $5 : rounds }

function median(text,    list, count, i, j, swap)
{
    count = split(text, list, " ")
    for (i = 2; i <= count; i++)
        for (j = i; j > 1 && list[j] + 0 < list[j - 1] + 0; j--) {
            swap = list[j]
            list[j] = list[j - 1]
            list[j - 1] = swap
        }
    if (count % 2)
        return list[(count + 1) / 2] + 0
    return count ? (list[count / 2] + list[count / 2 + 1]) / 2 : ""
}

# None of the errors is left out: a median would hide a round that went wrong.
function sum(text,    list, count, i, all)
{
    count = split(text, list, " ")
    for (i = 1; i <= count; i++)
        all += list[i]
    return count ? all + 0 : ""
}

# Of all rounds.
function of(scenario, program, key,    i, all)
{
    for (i = 0; i <= rounds; i++)
        all = all " " value[scenario, program, key, i]
    return key == "errors" || key ~ /failed$/ ? sum(all) : median(all)
}

# Three digits that count.
function short(number)
{
    if (number == "")
        return "-"
    if (number >= 100 || number == int(number))
        return sprintf("%.0f", number)
    return sprintf(number >= 10 ? "%.1f" : "%.2f", number)
}

# What the scenario is judged by.
function result(scenario, program)
{
    return of(scenario, program, about[scenario, "judged"])
}

# The program with the best result that is neither usher nor the relay, and had no errors.
function best_peer(scenario,    list, count, i, number, best, least)
{
    count = split(present[scenario], list, " ")
    for (i = 1; i <= count; i++) {
        if (list[i] ~ /^(usher.*|relay)$/ || of(scenario, list[i], "errors") > 0)
            continue
        number = result(scenario, list[i])
        if (number != "" && (best == "" || number < least)) {
            best = list[i]
            least = number
        }
    }
    return best
}

# Of two things that were measured in the same round, and of all rounds the median: what
# the machine does meanwhile comes and goes, and meets both.
function ratio(scenario, program, key, other, other_key,    i, all, one, two)
{
    for (i = 0; i <= rounds; i++) {
        one = value[scenario, program, key, i]
        two = value[scenario, other, other_key, i]
        if (one != "" && two > 0)
            all = all " " one / two
    }
    return all == "" ? "" : sprintf("%.2f", median(all))
}

function ratio_to(scenario, other,    key)
{
    key = about[scenario, "judged"]
    return ratio(scenario, "usher", key, other, key)
}

function or_none(text)
{
    return text == "" ? "-" : text
}

function judged_as(scenario,    key)
{
    key = about[scenario, "judged"]
    if (key == "cpu")
        return "CPU us per " about[scenario, "unit"]
    if (key == "each")
        return "bytes per " about[scenario, "unit"]
    if (key == "reached")
        return "ms per " about[scenario, "unit"]
    return key " us"
}

function write_ratio(file, scenario, what, program, key,    best)
{
    best = best_peer(scenario)
    if (of(scenario, program, key) == "")
        return
    printf "| %-14s | %-22s | %-14s | %9s |", scenario, what, program,
        short(of(scenario, program, key)) > file
    printf " %-14s | %9s | %5s | %8s |\n", or_none(best),
        short(of(scenario, best, key)), or_none(ratio(scenario, program, key, best, key)),
        or_none(ratio(scenario, program, key, "relay", key)) > file
}

# Beside what is judged: how much bulk went on meanwhile, and the memory of many servers.
function write_ratios(file,    i, j, list, count, scenario)
{
    print "A ratio is the median of what it was in each round; the best peer is the" > file
    print "one with the best median, of those without errors.\n" > file
    printf "| %-14s | %-22s | %-14s |", "workload", "judged by", "program" > file
    print "           | best peer      |           | ratio | to relay |" > file
    print "|---|---|---|--:|---|--:|--:|--:|" > file
    for (i = 1; i <= scenario_count; i++) {
        scenario = scenarios[i]
        count = split(present[scenario], list, " ")
        for (j = 1; j <= count; j++)
            if (list[j] ~ /^usher/)
                write_ratio(file, scenario, judged_as(scenario), list[j],
                    about[scenario, "judged"])
        write_ratio(file, scenario, "bulk MB/s, much is good", "usher", "beside")
        if (scenario == "servers")
            write_ratio(file, scenario, "private bytes", "usher", "private")
    }
}

# Rounds without a result, in which a program did not start or did not serve, and what
# went wrong in others.
function write_wrongs(file,    i, j, list, count, number)
{
    for (i = 1; i <= scenario_count; i++) {
        count = split(present[scenarios[i]], list, " ")
        for (j = 1; j <= count; j++) {
            number = of(scenarios[i], list[j], "failed") + \
                of(scenarios[i], list[j], "less_failed")
            if (number > 0)
                printf "\n%s: %s failed in %d rounds.\n", scenarios[i], list[j],
                    number > file
            number = of(scenarios[i], list[j], "errors")
            if (number > 0)
                printf "\n%s: %s had %d errors.\n", scenarios[i], list[j], number > file
        }
    }
}

# What a unit costs usher when there is more of something, beside less of it.
function scaling(scenario)
{
    return ratio(scenario, "usher", "cpu", "usher", "less_cpu")
}

function write_scaling(file,    i, scenario, title)
{
    title = "\n| price of more       | from | to   | ratio |\n|---|--:|--:|--:|\n"
    for (i = 1; i <= scenario_count; i++) {
        scenario = scenarios[i]
        if (about[scenario, "less"] == "")
            continue
        printf "%s| %-19s | %4d | %4d | %5s |\n", title, scenario,
            about[scenario, "less"], about[scenario, "more"],
            or_none(scaling(scenario)) > file
        title = ""
    }
}

function write_row(file, scenario, program,    private)
{
    private = of(scenario, program, "private")
    printf "| %-14s | %-14s | %-10s |", scenario, program, about[scenario, "unit"] > file
    printf " %9s | %9s |", short(of(scenario, program, "cpu")),
        short(of(scenario, program, "rate")) > file
    printf " %7s | %7s |", short(of(scenario, program, "p50")),
        short(of(scenario, program, "p99")) > file
    printf " %10s | %9s | %6s |\n", private == "" ? "-" : short(private / 1024),
        short(of(scenario, program, "beside")),
        short(of(scenario, program, "errors")) > file
}

function write_details(file,    i, j, list, count)
{
    printf "\n| %-14s | %-14s | %-10s | %9s | %9s |", "workload", "program", "unit",
        "CPU us", "units/s" > file
    print "  p50 us |  p99 us | private kB | bulk MB/s | errors |" > file
    print "|---|---|---|--:|--:|--:|--:|--:|--:|--:|" > file
    for (i = 1; i <= scenario_count; i++) {
        count = split(present[scenarios[i]], list, " ")
        for (j = 1; j <= count; j++)
            write_row(file, scenarios[i], list[j])
    }
}

function write_json_program(file, scenario, program,    i, keys, count, number, comma)
{
    count = split("cpu busy rate p50 p99 private each reached beside errors failed",
        keys, " ")
    printf ",\n      \"%s\": {", program > file
    for (i = 1; i <= count; i++) {
        number = of(scenario, program, keys[i])
        if (number == "")
            continue
        printf "%s\"%s\": %.10g", comma, keys[i], number > file
        comma = ", "
    }
    printf "}" > file
}

function write_json_number(file, name, number)
{
    if (number != "")
        printf ", \"%s\": %s", name, number > file
}

function write_json_scenario(file, scenario,    i, list, count, best)
{
    best = best_peer(scenario)
    printf "\n    \"%s\": {\"unit\": \"%s\"", scenario, about[scenario, "unit"] > file
    printf ", \"judged\": \"%s\"", about[scenario, "judged"] > file
    printf ", \"best peer\": \"%s\"", best > file
    write_json_number(file, "to best peer", ratio_to(scenario, best))
    write_json_number(file, "to relay", ratio_to(scenario, "relay"))
    write_json_number(file, "to less", scaling(scenario))
    count = split(present[scenario], list, " ")
    for (i = 1; i <= count; i++)
        write_json_program(file, scenario, list[i])
    printf "}" > file
}

function write_json(file,    i)
{
    printf "{\n  \"where\": \"%s\",\n  \"workloads\": {", where > file
    for (i = 1; i <= scenario_count; i++) {
        printf "%s", (i > 1 ? "," : "") > file
        write_json_scenario(file, scenarios[i])
    }
    print "\n  }\n}" > file
}

function write_text(file, x, height, style, text)
{
    printf "<text x=\"%.0f\" y=\"%d\" %s>%s</text>\n", x, height, style, text > file
}

# One bar for each program; the line is the best peer, and shorter is better.
function write_bar(file, scenario, program,    number, best, share, color)
{
    best = result(scenario, best_peer(scenario))
    number = result(scenario, program)
    share = best > 0 && number != "" ? number / best : 0
    share = share < 2.6 ? share : 2.6
    color = program == "usher" ? "#d2541b" : "#9aa7b4"
    printf "<rect x=\"230\" y=\"%d\" width=\"%.0f\" height=\"11\" fill=\"%s\"/>\n", y,
        share * 200, color > file
    write_text(file, 222, y + 10, "text-anchor=\"end\"", program)
    write_text(file, 236 + share * 200, y + 10, "", short(number))
    y += 14
}

function write_chart(file,    i, j, list, count, height)
{
    for (i = 1; i <= scenario_count; i++)
        height += 10 + 14 * split(present[scenarios[i]], list, " ")
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"820\"" > file
    printf " height=\"%d\"", height + 50 > file
    print " font-family=\"sans-serif\" font-size=\"11\">" > file
    print "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>" > file
    write_text(file, 10, 18, "", "Shorter is better; the line is the best peer.")
    y = 34
    for (i = 1; i <= scenario_count; i++) {
        write_text(file, 10, y + 10, "font-weight=\"bold\"", scenarios[i])
        write_text(file, 10, y + 24, "fill=\"#667\"", judged_as(scenarios[i]))
        count = split(present[scenarios[i]], list, " ")
        for (j = 1; j <= count; j++)
            write_bar(file, scenarios[i], list[j])
        y += 10
    }
    printf "<path d=\"M430 28V%d\" stroke=\"#234\" stroke-dasharray=\"3\"/>\n", y > file
    print "</svg>" > file
}

END {
    print where "\n" > (results ".md")
    write_ratios(results ".md")
    write_wrongs(results ".md")
    write_scaling(results ".md")
    write_details(results ".md")
    write_json(results ".json")
    write_chart(results ".svg")
}
