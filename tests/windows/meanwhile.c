/* Runs a command while something else happens, as it does at Windows; its exit code is the command's.

   meanwhile hold FILE COMMAND...             the file is open, shared for reading alone, as Excel has it
   meanwhile hold-a-moment FILE COMMAND...    it is open for half a second
   meanwhile code-page-437 COMMAND...         the console writes the characters of the first PCs
   meanwhile no-text COMMAND...               a last argument is no text: half of a surrogate pair */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

int wmain(int count, wchar_t **words)
{
    static wchar_t line[8192];
    STARTUPINFOW how = {sizeof how};
    PROCESS_INFORMATION process;
    HANDLE file = NULL;
    DWORD code = 99;
    if (count < 3) {
        return 99;
    }
    int hold = !wcsncmp(words[1], L"hold", 4);
    if (hold) {
        file = CreateFileW(words[2], GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
        if (file == INVALID_HANDLE_VALUE) {
            return 98;
        }
    }
    if (!wcscmp(words[1], L"code-page-437")) {
        SetConsoleOutputCP(437);
    }
    for (wchar_t **word = words + 2 + hold; *word; word++) {
        wcscat(wcscat(wcscat(line, L"\""), *word), L"\" ");
    }
    if (!wcscmp(words[1], L"no-text")) {
        wcscat(line, L"\xd800");
    }
    if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &how, &process)) {
        return 97;
    }
    if (!wcscmp(words[1], L"hold-a-moment")) {
        Sleep(500);
        CloseHandle(file);
    }
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    return code;
}
