"""Small talk with a bot: messages that no article answers."""

VIETNAMESE = """
Cảm ơn bạn nhiều nhé, bạn giỏi quá!
Bạn tên là gì?
Ai tạo ra bạn vậy?
Bạn có phải là người thật không?
Bạn bao nhiêu tuổi rồi?
Hôm nay trời đẹp quá nhỉ
Tôi buồn quá, không biết làm gì
Chúc bạn ngủ ngon
Bạn có người yêu chưa?
Kể chuyện ma đi
Bạn làm được những gì?
Hướng dẫn tôi cách nấu phở bò
Viết cho tôi một đoạn văn tả mẹ
12 cộng 30 là bao nhiêu?
Bạn thích màu gì?
Tối nay ăn gì bây giờ?
Sai rồi, trả lời lại đi
Ý tôi không phải như vậy
Ok để mai tôi hỏi tiếp
Trời ơi sao lâu vậy?
Có ai ở đó không?
Tôi nên mua điện thoại nào?
Giải giúp tôi phương trình bậc hai
Làm sao để ngủ ngon hơn?
Bạn nghĩ gì về cuộc sống?
""".strip().splitlines()

ENGLISH = """
who are you?
What can you do?
Are you a real person?
How old are you?
Good morning, how was your day?
tell me a joke
I am bored, what should I do?
That is not what I asked
Can you help me with my homework?
What is the meaning of life?
What time is it now?
Do you like music?
You are wrong
sing me a song
Who is your best friend?
how much is 12 plus 30?
Where do you live?
I love you
What should I eat tonight?
Please repeat that again
Which phone should I buy?
How do I lose weight quickly?
What do you think about people?
Good night, see you tomorrow
Give me some good advice
""".strip().splitlines()
